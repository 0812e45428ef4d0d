package io.edgeship.ship;

import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory of one's own in a spool's workshop. Used by the scanning thread.
record Bench(Spool spool, String name) {
    private static final Log LOG = Log.of(Bench.class);

    /// An empty directory.
    Path cleared() throws IOException {
        clear();
        return Files.createDirectory(dir());
    }

    /// Leaves nothing there, as far as the disk lets it.
    void leave() {
        try {
            clear();
        } catch (IOException e) {
            LOG.warn("the workshop is not cleared; the next block does it", "err", e.getMessage());
        }
    }

    private void clear() throws IOException {
        if (Files.exists(dir())) {
            new DurableFiles(Disk.system()).deleteTree(dir());
        }
    }

    private Path dir() {
        return spool.workshop().resolve(name);
    }
}
