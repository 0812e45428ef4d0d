package io.edgeship.queue.transport.inbox;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.PieceName;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.Journal;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How far an item got on its way to the inbox; the records are on the package's page. Memory follows the disk: a
/// record counts once it is durable. Not thread-safe.
final class PieceLedger implements AutoCloseable {
    static final String FILE_NAME = "inbox-ledger";

    /// Pieces in one record, so that it is well below [Journal#PAYLOAD_BYTES_MAX].
    private static final int OWED_MAX = 200;

    private static final Log LOG = Log.of(PieceLedger.class);

    private final LedgerState state = new LedgerState();
    private final Journal journal;

    private PieceLedger(Path file, Disk disk) throws IOException {
        journal = Journal.open(file, disk, payload -> state.apply(parse(file, payload)));
    }

    /// A damaged ledger is thrown away: that costs sending again, never data.
    static PieceLedger open(Path itemDir, Disk disk) throws IOException {
        Path file = itemDir.resolve(FILE_NAME);
        boolean isNew = Files.notExists(file);
        PieceLedger ledger;
        try {
            ledger = new PieceLedger(file, disk);
        } catch (CorruptFormatException e) {
            LOG.warn("ledger is damaged, the item is sent from the start", e, "item", itemDir);
            disk.delete(file);
            isNew = true;
            ledger = new PieceLedger(file, disk);
        }
        if (isNew) {
            disk.forceDirectory(itemDir); // the ledger's own name
        }
        return ledger;
    }

    /// What the ledger of an item says, read beside its owner; of a damaged one, what comes before the damage.
    static LedgerState look(Path itemDir) throws IOException {
        LedgerState state = new LedgerState();
        Path file = itemDir.resolve(FILE_NAME);
        Journal.look(file, payload -> state.apply(parse(file, payload)));
        return state;
    }

    /// What the records say together.
    LedgerState state() {
        return state;
    }

    /// This piece goes out next.
    ///
    /// @param confirmed whether the bucket confirmed the cut before it; if not, that one is void
    void cut(PieceName piece, boolean confirmed) throws IOException {
        append(JsonObject.empty().with("cut", piece.toString()).with("confirmed", confirmed));
    }

    /// The last cut is in the bucket.
    void confirmed() throws IOException {
        append(JsonObject.empty().with("confirmed", true));
    }

    /// A manifest goes out next.
    ///
    /// @param pack whether it is that of a pack
    void manifest(int attempt, long sentAtMs, boolean pack) throws IOException {
        JsonObject record = JsonObject.empty().with("manifest", attempt).with("sent_at", sentAtMs);
        append(pack ? record.with("pack", true) : record);
    }

    /// The item's pack is no good: its files go out from here on, and all of them are owed.
    void asFiles() throws IOException {
        append(JsonObject.empty().with("as_files", true));
    }

    void delivered() throws IOException {
        append(JsonObject.empty().with("delivered", state.attempt()));
    }

    /// These pieces have to be sent again, though nobody asked for them yet.
    void owed(List<PieceName> pieces) throws IOException {
        for (int from = 0; from < pieces.size(); from += OWED_MAX) {
            append(owedRecord(pieces, from));
        }
    }

    /// The centre misses these pieces: they have to be sent again, then a manifest. The last record holds the answer,
    /// so
    /// that a crash before it leaves the item awaited, and the answer is heard again.
    ///
    /// @param pieces all of them confirmed; for none everything is owed
    void missing(LedgerState.Answered answer, List<PieceName> pieces) throws IOException {
        int from = 0;
        while (pieces.size() - from > OWED_MAX) {
            append(owedRecord(pieces, from));
            from += OWED_MAX;
        }
        append(answerRecord(owedRecord(pieces, from), answer, true).with("all", pieces.isEmpty()));
    }

    /// The centre will not have what was sent, and all is owed should it be sent again.
    ///
    /// @param asFiles whether it was the item's pack, and its files go out from here on
    void rejected(LedgerState.Answered answer, boolean asFiles) throws IOException {
        JsonObject record =
                answerRecord(owedRecord(List.of(), 0), answer, false).with("all", true);
        append(asFiles ? record.with("as_files", true) : record);
    }

    /// The centre answered a manifest that is no longer the newest: what was sent stands, and a manifest is due.
    void answeredAnOlderOne(LedgerState.Answered answer) throws IOException {
        append(answerRecord(owedRecord(List.of(), 0), answer, false).with("all", false));
    }

    @Override
    public void close() {
        journal.close();
    }

    private static JsonObject owedRecord(List<PieceName> pieces, int from) {
        List<String> names = pieces.subList(from, Math.min(pieces.size(), from + OWED_MAX)).stream()
                .map(PieceName::toString)
                .toList();
        return JsonObject.empty().with("owed", names);
    }

    private static JsonObject answerRecord(JsonObject owed, LedgerState.Answered answer, boolean missing) {
        return owed.with("answered", answer.attempt())
                .with("decided_at", answer.decidedAtMs())
                .with("missing", missing);
    }

    private void append(JsonObject entry) throws IOException {
        journal.append(entry.toCompactBytes());
        state.apply(entry);
    }

    private static JsonObject parse(Path file, ByteBuffer payload) throws CorruptFormatException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return JsonObject.parse(file.toString(), bytes);
    }
}
