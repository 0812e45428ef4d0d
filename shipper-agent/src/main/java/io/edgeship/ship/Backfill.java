package io.edgeship.ship;

import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/// Which blocks that exist before the agent's first start are shipped.
public sealed interface Backfill {
    /// Whether a block that was there at `firstStart` is left alone.
    boolean leavesOut(BlockMeta meta, Instant firstStart);

    /// Everything is shipped.
    record All() implements Backfill {
        @Override
        public boolean leavesOut(BlockMeta meta, Instant firstStart) {
            return false;
        }
    }

    /// Only blocks cut after the first start are shipped.
    record None() implements Backfill {
        @Override
        public boolean leavesOut(BlockMeta meta, Instant firstStart) {
            return meta.id().timeMillis() < firstStart.toEpochMilli();
        }
    }

    /// Blocks are shipped that reach into this span before the first start.
    record Within(Duration span) implements Backfill {
        @Override
        public boolean leavesOut(BlockMeta meta, Instant firstStart) {
            return meta.range().maxTime() <= firstStart.minus(span).toEpochMilli();
        }
    }

    /// Blocks are shipped that reach past this time.
    record Since(Instant time) implements Backfill {
        @Override
        public boolean leavesOut(BlockMeta meta, Instant firstStart) {
            return meta.range().maxTime() <= time.toEpochMilli();
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
