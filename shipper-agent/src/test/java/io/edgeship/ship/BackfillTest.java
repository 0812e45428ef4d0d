package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private static final Instant FIRST_START = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void allLeavesNothingOut() {
        assertThat(Backfill.parse("all").leavesOut(cut(Instant.EPOCH, Instant.EPOCH), FIRST_START))
                .isFalse();
    }

    @Test
    void noneLeavesOutWhatWasCutBeforeTheFirstStart() {
        Backfill none = Backfill.parse("none");
        Instant anyTime = Instant.parse("2020-01-01T00:00:00Z");
        assertThat(none.leavesOut(cut(FIRST_START.minusMillis(1), anyTime), FIRST_START))
                .isTrue();
        assertThat(none.leavesOut(cut(FIRST_START, anyTime), FIRST_START)).isFalse();
    }

    @Test
    void aDurationLeavesOutWhatEndsBeforeIt() {
        Backfill twoDays = Backfill.parse("2d");
        Instant bound = FIRST_START.minus(Duration.ofDays(2));
        assertThat(twoDays.leavesOut(cut(FIRST_START, bound), FIRST_START)).isTrue();
        assertThat(twoDays.leavesOut(cut(FIRST_START, bound.plusMillis(1)), FIRST_START))
                .isFalse();
    }

    @Test
    void aTimeLeavesOutWhatEndsBeforeIt() {
        Backfill since = Backfill.parse("2026-11-01T00:00:00Z");
        Instant bound = Instant.parse("2026-11-01T00:00:00Z");
        assertThat(since.leavesOut(cut(FIRST_START, bound), FIRST_START)).isTrue();
        assertThat(since.leavesOut(cut(FIRST_START, bound.plusMillis(1)), FIRST_START))
                .isFalse();
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> Backfill.parse("yesterday")).isInstanceOf(IllegalArgumentException.class);
    }

    /// @param until exclusive
    private static BlockMeta cut(Instant at, Instant until) {
        BlockId id = new BlockId(at.toEpochMilli() << 16, 0);
        return new BlockMeta(
                id,
                new TimeRange(until.toEpochMilli() - 10, until.toEpochMilli()),
                new BlockMeta.Stats(1, 1, 0, 1, 1, 0),
                new BlockMeta.Compaction(1, List.of(id), false, List.of(), false, List.of()),
                null,
                JsonObject.empty());
    }
}
