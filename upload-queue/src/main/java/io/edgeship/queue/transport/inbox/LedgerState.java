package io.edgeship.queue.transport.inbox;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.PieceName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the records of a ledger say together. Not thread-safe.
final class LedgerState {
    private final Pieces confirmed = new Pieces();
    private @Nullable PieceName pending;
    private Stage stage = Stage.SENDING;
    private int attempt;
    private long sentAtMs;
    private Answered answered = new Answered(0, 0);
    private int missingInARow;
    private boolean isPack;
    private boolean goesAsFiles;

    private enum Stage {
        SENDING,
        MANIFEST_OUT,
        DELIVERED
    }

    /// Which receipt was dealt with last.
    ///
    /// @param attempt     0 for none
    /// @param decidedAtMs by the store's clock
    record Answered(int attempt, long decidedAtMs) {}

    Pieces confirmed() {
        return confirmed;
    }

    /// A piece that went out, or was about to: whether the bucket has it is not known.
    Optional<PieceName> pending() {
        return Optional.ofNullable(pending);
    }

    /// The attempt that the next manifest has to bear: the same as before for the very same manifest.
    int nextAttempt() {
        return stage == Stage.SENDING ? Math.max(attempt, answered.attempt()) + 1 : attempt;
    }

    /// Of the newest manifest; 0 before the first.
    int attempt() {
        return attempt;
    }

    /// When the manifest that may be on its way was first sent; empty if the next one is another.
    Optional<Long> sentAtMs() {
        return stage == Stage.SENDING ? Optional.empty() : Optional.of(sentAtMs);
    }

    /// Whether the newest manifest was that of a pack.
    boolean isPack() {
        return isPack;
    }

    /// Whether the item's pack was found to be no good: from then on its files go out.
    boolean goesAsFiles() {
        return goesAsFiles;
    }

    boolean isAwaited() {
        return stage == Stage.DELIVERED;
    }

    Answered answered() {
        return answered;
    }

    /// How often the centre missed something since the item began, or was rejected.
    int missingInARow() {
        return missingInARow;
    }

    void apply(JsonObject entry) throws CorruptFormatException {
        if (entry.has("cut")) {
            settle(entry, entry.flag("confirmed"));
            pending = piece(entry, entry.requiredText("cut"));
            stage = Stage.SENDING;
        } else if (entry.has("owed")) {
            applyOwed(entry);
        } else if (entry.has("manifest")) {
            attempt = Math.toIntExact(entry.requiredInteger("manifest"));
            sentAtMs = entry.requiredInteger("sent_at");
            isPack = entry.flag("pack");
            stage = Stage.MANIFEST_OUT;
        } else if (entry.has("delivered")) {
            stage = Stage.DELIVERED;
        } else if (entry.has("confirmed")) {
            settle(entry, true);
        } else if (entry.has("as_files")) {
            startOver();
            goesAsFiles = true;
        } else {
            throw entry.corrupt("cut", "is missing, and every other key that tells a record");
        }
    }

    private void settle(JsonObject entry, boolean arrived) throws CorruptFormatException {
        PieceName before = pending;
        pending = null;
        if (arrived && before != null && !confirmed.add(before)) {
            throw entry.corrupt("cut", "overlaps another: " + before);
        }
    }

    private void applyOwed(JsonObject entry) throws CorruptFormatException {
        for (String name : entry.texts("owed")) {
            confirmed.remove(piece(entry, name));
        }
        if (!entry.has("answered")) {
            return; // an answer may be on its way into the ledger: until then it is awaited
        }
        boolean missing = entry.flag("missing");
        if (entry.flag("all")) {
            startOver();
            missingInARow = missing ? missingInARow : 0;
        }
        pending = null;
        stage = Stage.SENDING;
        goesAsFiles |= entry.flag("as_files");
        int answeredAttempt = Math.toIntExact(entry.requiredInteger("answered"));
        answered = new Answered(answeredAttempt, entry.requiredInteger("decided_at"));
        missingInARow += missing ? 1 : 0;
    }

    private void startOver() {
        confirmed.clear();
        pending = null;
        stage = Stage.SENDING;
    }

    private static PieceName piece(JsonObject entry, String name) throws CorruptFormatException {
        return PieceName.tryParse(name).orElseThrow(() -> entry.corrupt("cut", "is no piece: " + name));
    }
}
