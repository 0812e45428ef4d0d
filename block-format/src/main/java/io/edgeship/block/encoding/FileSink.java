package io.edgeship.block.encoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that is written front to back. Given up, it stays as far as it came: who gave it its directory clears that
/// away.
public final class FileSink implements ByteSink {
    private final Path file;
    private final FileChannel channel;

    private FileSink(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @throws java.nio.file.FileAlreadyExistsException if the file is there
    public static FileSink create(Path file) throws IOException {
        return new FileSink(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes, at, length);
        try {
            while (from.hasRemaining()) {
                channel.write(from);
            }
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw named(e);
        }
    }

    /// What the system says of a full disk does not say of which file.
    private IOException named(IOException e) {
        return new IOException(file + ": " + (e.getMessage() == null ? e : e.getMessage()), e);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// Gets a file's bytes, or a directory's entries, on the disk: a name in it is there after a power cut only then.
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
