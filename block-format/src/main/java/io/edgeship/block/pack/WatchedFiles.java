package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.write.BlockSink;
import java.io.IOException;

/// Files that a watcher sees grow. Not thread-safe.
final class WatchedFiles implements BlockSink {
    private final BlockSink files;
    private final PackWatcher watcher;
    private final long total;
    private long done;

    /// @param done  bytes that were done before
    /// @param total of what was done and is to be done
    WatchedFiles(BlockSink files, PackWatcher watcher, long done, long total) {
        this.files = files;
        this.watcher = watcher;
        this.done = done;
        this.total = total;
    }

    @Override
    public ByteSink file(String relativePath) throws IOException {
        return new WatchedFile(files.file(relativePath));
    }

    private final class WatchedFile implements ByteSink {
        private final ByteSink file;

        private WatchedFile(ByteSink file) {
            this.file = file;
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public void write(byte[] bytes, int at, int length) throws IOException {
            file.write(bytes, at, length);
            done += length;
            watcher.bytes(done, total);
        }

        @Override
        public void finish() throws IOException {
            file.finish();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
