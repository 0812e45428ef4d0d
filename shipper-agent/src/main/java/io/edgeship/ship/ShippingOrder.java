package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.util.Comparator;

/// Which of the blocks that wait goes first, where their sources are of one priority.
public enum ShippingOrder {
    /// The bucket fills without holes.
    OLDEST_FIRST,
    /// Dashboards are current first. Leaves holes that are filled later, on which a stock Thanos compactor halts.
    FRESHEST_FIRST;

    /// What decides between two blocks.
    record Key(TimeRange range, BlockId id) {}

    Comparator<Key> comparator() {
        return switch (this) {
            case OLDEST_FIRST ->
                Comparator.comparingLong((Key key) -> key.range().minTime()).thenComparing(Key::id);
            case FRESHEST_FIRST ->
                Comparator.comparingLong((Key key) -> key.range().maxTime())
                        .thenComparing(Key::id)
                        .reversed();
        };
    }
}
