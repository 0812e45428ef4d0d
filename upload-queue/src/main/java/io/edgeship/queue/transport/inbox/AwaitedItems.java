package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import java.util.LinkedHashMap;
import java.util.Optional;

/// What the ledgers of items say of the centre's answer, so that asking for hundreds of items opens no files. Bounded:
/// what is forgotten is read again. Not thread-safe.
final class AwaitedItems {
    /// A year of two-hour blocks.
    static final int SIZE_MAX = 4400;

    static final Awaited NOTHING = new Awaited(0, new LedgerState.Answered(0, 0));

    private final LinkedHashMap<BlockId, Awaited> items = new LinkedHashMap<>();

    /// @param attempt  whose answer is awaited; 0 for none
    /// @param answered which receipt was dealt with before
    record Awaited(int attempt, LedgerState.Answered answered) {}

    Optional<Awaited> find(BlockId id) {
        return Optional.ofNullable(items.get(id));
    }

    Awaited note(BlockId id, LedgerState state) {
        Awaited awaited = new Awaited(state.isAwaited() ? state.attempt() : 0, state.answered());
        items.putLast(id, awaited);
        if (items.size() > SIZE_MAX) {
            items.pollFirstEntry();
        }
        return awaited;
    }
}
