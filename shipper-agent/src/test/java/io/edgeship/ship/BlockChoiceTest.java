package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlockChoiceTest {
    private static final BlockId A = new BlockId(1, 1);
    private static final BlockId B = new BlockId(1, 2);
    private static final BlockId C = new BlockId(1, 3);
    private static final BlockId AB = new BlockId(1, 4);
    private static final BlockId ABC = new BlockId(1, 5);

    @Test
    void aNewBlockIsTakenAndReplacesNothing() {
        assertThat(decide(meta(A, 1, A), Set.of(), Map.of(B, Set.of(B)))).isEqualTo(new BlockChoice.Take(Set.of()));
    }

    @Test
    void aMergedBlockReplacesItsUnsentParents() {
        assertThat(decide(meta(AB, 2, A, B), Set.of(), Map.of(A, Set.of(A), B, Set.of(B), C, Set.of(C))))
                .isEqualTo(new BlockChoice.Take(Set.of(A, B)));
    }

    @Test
    void aBlockMergedTwiceReplacesTheMergedBlockThatWaits() {
        assertThat(decide(meta(ABC, 3, A, B, C), Set.of(), Map.of(AB, Set.of(A, B), C, Set.of(C))))
                .isEqualTo(new BlockChoice.Take(Set.of(AB, C)));
    }

    @Test
    void aParentIsLeftWhereItsMergedBlockWaits() {
        assertThat(decide(meta(A, 1, A), Set.of(), Map.of(AB, Set.of(A, B)))).isInstanceOf(BlockChoice.Skip.class);
    }

    @Test
    void aMergedBlockIsHeldWhereOneParentWasSent() {
        assertThat(decide(meta(AB, 2, A, B), Set.of(A), Map.of(B, Set.of(B)))).isInstanceOf(BlockChoice.Hold.class);
    }

    @Test
    void aMergedBlockIsSkippedWhereAllParentsWereSent() {
        assertThat(decide(meta(AB, 2, A, B), Set.of(A, B), Map.of())).isInstanceOf(BlockChoice.Skip.class);
    }

    @Test
    void aBlockThatTheSpoolHasIsKnown() {
        BlockChoice choice = BlockChoice.decide(
                meta(A, 1, A), Optional.of(Place.READY), Set.of(), Map.of(), new Backfill.All(), Instant.EPOCH);
        assertThat(choice).isEqualTo(new BlockChoice.Known(Place.READY));
    }

    private static BlockChoice decide(BlockMeta meta, Set<BlockId> sent, Map<BlockId, Set<BlockId>> unsent) {
        return BlockChoice.decide(meta, Optional.empty(), sent, unsent, new Backfill.All(), Instant.EPOCH);
    }

    private static BlockMeta meta(BlockId id, int level, BlockId... sources) {
        return new BlockMeta(
                id,
                new TimeRange(0, 10),
                new BlockMeta.Stats(1, 1, 0, 1, 1, 0),
                new BlockMeta.Compaction(level, List.of(sources), false, List.of(), false, List.of()),
                null,
                JsonObject.empty());
    }
}
