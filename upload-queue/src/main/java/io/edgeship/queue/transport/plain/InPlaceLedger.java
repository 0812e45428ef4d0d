package io.edgeship.queue.transport.plain;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.Journal;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// How far a segment got that is put in place, chunk by chunk in the order of their paths. A memo: without it every
/// chunk is sent once more. Written once a [#STEP_BYTES], so that small chunks do not wear an SD card. Not
/// thread-safe.
final class InPlaceLedger implements AutoCloseable {
    static final String FILE_NAME = "in-place-ledger";

    static final long STEP_BYTES = 1 << 20;

    private static final Log LOG = Log.of(InPlaceLedger.class);

    private final Journal journal;
    private Reached reached = Reached.NOTHING;
    private Reached written = Reached.NOTHING;

    /// @param path  of the last chunk that the bucket holds, and all before it
    /// @param bytes of these
    record Reached(String path, long bytes) {
        static final Reached NOTHING = new Reached("", 0);
    }

    private InPlaceLedger(Path file, Disk disk) throws IOException {
        journal = Journal.open(file, disk, payload -> reached = parse(file, payload));
        written = reached;
    }

    /// A damaged ledger is thrown away.
    static InPlaceLedger open(Path itemDir, Disk disk) throws IOException {
        Path file = itemDir.resolve(FILE_NAME);
        boolean isNew = Files.notExists(file);
        InPlaceLedger ledger;
        try {
            ledger = new InPlaceLedger(file, disk);
        } catch (CorruptFormatException e) {
            LOG.warn("ledger is damaged, the segment is sent from the start", e, "item", itemDir);
            disk.delete(file);
            isNew = true;
            ledger = new InPlaceLedger(file, disk);
        }
        if (isNew) {
            disk.forceDirectory(itemDir); // the ledger's own name
        }
        return ledger;
    }

    /// What the ledger of an item says, read beside its owner; of a damaged one, what comes before the damage.
    static Reached look(Path itemDir) throws IOException {
        Path file = itemDir.resolve(FILE_NAME);
        Reached[] last = {Reached.NOTHING};
        Journal.look(file, payload -> last[0] = parse(file, payload));
        return last[0];
    }

    boolean holds(String path) {
        return path.compareTo(reached.path()) <= 0;
    }

    long bytes() {
        return reached.bytes();
    }

    /// The next chunk in order is in the bucket.
    void confirmed(String path, long sizeBytes) throws IOException {
        reached = new Reached(path, reached.bytes() + sizeBytes);
        if (reached.bytes() - written.bytes() >= STEP_BYTES) {
            flush();
        }
    }

    /// Makes durable what was confirmed.
    void flush() throws IOException {
        if (!reached.equals(written)) {
            journal.append(JsonObject.empty()
                    .with("through", reached.path())
                    .with("bytes", reached.bytes())
                    .toCompactBytes());
            written = reached;
        }
    }

    @Override
    public void close() {
        journal.close();
    }

    private static Reached parse(Path file, ByteBuffer payload) throws CorruptFormatException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        JsonObject json = JsonObject.parse(file.toString(), bytes);
        return new Reached(json.requiredText("through"), json.requiredInteger("bytes"));
    }
}
