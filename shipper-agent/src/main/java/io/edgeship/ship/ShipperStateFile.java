package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.ShipperState;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// `thanos.shipper.json` in the source's directory: Prometheus 3.9 and later compacts a block only once it is listed
/// there. It is replaced by one rename, for Prometheus takes a missing file as leave to compact. On a mount that is
/// read-only it is left as it is.
final class ShipperStateFile {
    /// What we wrote last, kept in the spool: a file that says otherwise has another writer.
    private static final String LAST_WRITTEN = "shipper-state.json";

    /// What the file said before.
    private static final String BEFORE_LAST = "shipper-state.json.before";

    private static final Log LOG = Log.of(ShipperStateFile.class);

    private final Path dir;
    private final Spool spool;
    private final DurableFiles files;
    private boolean saidReadOnly;

    ShipperStateFile(Path dir, Spool spool, Disk disk) {
        this.dir = dir;
        this.spool = spool;
        files = new DurableFiles(disk);
    }

    /// A live sidecar writes the file too: the two would undo each other's work.
    static final class ForeignWriterException extends IOException {
        private static final long serialVersionUID = 1;

        ForeignWriterException(Path file) {
            super(file
                    + " was changed by somebody else, most likely a Thanos sidecar that uploads: stop one of the two."
                    + " If Edgeship is to go on, delete the file then; it is written anew");
        }
    }

    /// Returns what a sidecar listed before us, the first time; afterwards nothing.
    ///
    /// @throws ForeignWriterException if somebody else has written the file since
    List<BlockId> begin() throws IOException {
        byte[] found = read();
        if (spool.kept(LAST_WRITTEN).isPresent()) {
            requireOurs(found);
            return List.of();
        }
        if (found.length == 0) {
            write(List.of());
            return List.of();
        }
        try {
            List<BlockId> listed = ShipperState.parse(file().toString(), found).uploaded().stream()
                    .flatMap(text -> BlockId.tryParse(text).stream())
                    .toList();
            spool.keep(LAST_WRITTEN, found);
            return listed;
        } catch (CorruptFormatException e) {
            write(List.of()); // Prometheus would take it as leave to compact
            return List.of();
        }
    }

    /// Lists `blocks`. Nothing is written where the file says so already.
    void write(Collection<BlockId> blocks) throws IOException {
        byte[] content = ShipperState.of(List.copyOf(blocks)).toJson();
        byte[] found = read();
        if (spool.kept(LAST_WRITTEN).isPresent()) {
            requireOurs(found);
        }
        if (Arrays.equals(found, content)) {
            if (!Arrays.equals(content, spool.kept(LAST_WRITTEN).orElse(new byte[0]))) {
                spool.keep(LAST_WRITTEN, content);
            }
            return;
        }
        if (ReadOnlyMount.holds(dir)) {
            sayReadOnly();
            return;
        }
        // First what the file says and what it is about to say, then the file: however often a crash or a disk without
        // room comes between them, it says the one or the other, see requireOurs.
        if (found.length > 0) {
            spool.keep(BEFORE_LAST, found);
        }
        spool.keep(LAST_WRITTEN, content);
        files.replace(dir, ShipperState.FILE_NAME, content);
    }

    private void sayReadOnly() {
        if (!saidReadOnly) {
            saidReadOnly = true;
            LOG.warn("data is mounted read-only, Prometheus must not wait for the agent", "file", file());
        }
    }

    /// @throws ForeignWriterException if somebody else has written the file since [#begin]
    void requireOurs() throws IOException {
        requireOurs(read());
    }

    private void requireOurs(byte[] found) throws IOException {
        boolean ours = found.length == 0 // somebody removed it: it is written again
                || Arrays.equals(found, spool.kept(LAST_WRITTEN).orElse(found))
                || Arrays.equals(found, spool.kept(BEFORE_LAST).orElse(new byte[0]));
        if (!ours) {
            throw new ForeignWriterException(file());
        }
    }

    private byte[] read() throws IOException {
        try {
            return Files.readAllBytes(file());
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private Path file() {
        return dir.resolve(ShipperState.FILE_NAME);
    }
}
