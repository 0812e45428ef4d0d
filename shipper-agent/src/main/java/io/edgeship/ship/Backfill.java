package io.edgeship.ship;

import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/// Which blocks and log chunks that exist before the agent's first start are shipped.
public sealed interface Backfill {
    /// Whether a block that was there at `firstStart` is left alone.
    default boolean leavesOut(BlockMeta meta, Instant firstStart) {
        return leavesOut(meta.id().timeMillis(), meta.range().maxTime(), firstStart);
    }

    /// Whether something that was finished at `madeAtMillis` is left alone.
    ///
    /// @param endMillis just past the last sample or line in it
    boolean leavesOut(long madeAtMillis, long endMillis, Instant firstStart);

    /// Everything is shipped.
    record All() implements Backfill {
        @Override
        public boolean leavesOut(long madeAtMillis, long endMillis, Instant firstStart) {
            return false;
        }
    }

    /// Only blocks cut after the first start are shipped.
    record None() implements Backfill {
        @Override
        public boolean leavesOut(long madeAtMillis, long endMillis, Instant firstStart) {
            return madeAtMillis < firstStart.toEpochMilli();
        }
    }

    /// Blocks are shipped that reach into this span before the first start.
    record Within(Duration span) implements Backfill {
        @Override
        public boolean leavesOut(long madeAtMillis, long endMillis, Instant firstStart) {
            return endMillis <= firstStart.minus(span).toEpochMilli();
        }
    }

    /// Blocks are shipped that reach past this time.
    record Since(Instant time) implements Backfill {
        @Override
        public boolean leavesOut(long madeAtMillis, long endMillis, Instant firstStart) {
            return endMillis <= time.toEpochMilli();
        }
    }

    /// Reads `all`, `none`, a duration or a time.
    ///
    /// @throws IllegalArgumentException for anything else
    static Backfill parse(String text) {
        return switch (text) {
            case "all" -> new All();
            case "none" -> new None();
            default -> parseTime(text);
        };
    }

    private static Backfill parseTime(String text) {
        try {
            return new Since(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return new Within(Durations.parse(text));
        }
    }
}
