package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which blocks are taken, which yield to others, and which are left alone.
class SieveTest extends PlannerBed {
    @Test
    void outOfOrderBlocksYieldToRegularOnes() {
        blocks.add(block(0, 2).hint("from-out-of-order").get());
        blocks.add(block(0, 2).number(9).get());
        blocks.add(block(46, 48).number(9).get());
        blocks.add(block(48, 50).get());

        List<BucketBlock> sources = only(52).sources();

        assertThat(sources.getLast().meta().compaction().hints()).containsExactly("from-out-of-order");
    }

    @Test
    void overlapsThatAreRefusedAreLeftAlone() {
        blocks.add(block(0, 2).get());
        blocks.add(block(0, 2).number(9).get());
        blocks.add(block(48, 50).get());
        rules = rules(Overlaps.REFUSE, 4L << 30, 64L << 30);

        assertThat(plan(52).plans()).hasSize(2).allSatisfy(plan -> {
            assertThat(plan.resolutions()).doesNotContain(0L);
            assertThat(plan.why()).contains("overlaps with another block, which is refused");
        });
    }

    @Test
    void aBlockWhoseSourcesAnotherHoldsIsOutdated() {
        BucketBlock small = block(0, 2).get();
        BucketBlock large =
                block(0, 8).compacted(small.meta().id(), new BlockId(5, 5)).get();
        blocks.add(small);
        blocks.add(large);

        assertThat(plan(10).marks())
                .extracting(mark -> mark.block().meta().id())
                .containsExactly(small.meta().id());
    }

    @Test
    void ofTwoBlocksWithTheSameSourcesTheLowerUlidStaysUnlessItCannotBeRead() {
        List<BlockId> sources = List.of(new BlockId(5, 5), new BlockId(5, 6));
        BucketBlock low = block(0, 8).compacted(sources).get();
        BucketBlock high = block(0, 8).number(20).compacted(sources).get();
        assertThat(marked(low, high)).containsExactly(high.meta().id());

        BucketBlock broken = block(0, 8).compacted(sources).missing("index").get();
        assertThat(marked(broken, high)).containsExactly(broken.meta().id());
    }

    /// Else a hostile list of sources would have the blocks of honest writers deleted.
    @Test
    void whoClaimsSourcesWithoutTheirTimeCoversNothing() {
        BucketBlock honest = block(0, 2).get();
        BucketBlock liar = block(4, 6)
                .sources(List.of(honest.meta().id(), new BlockId(1, 1)))
                .get();

        assertThat(marked(honest, liar)).isEmpty();
    }

    @Test
    void aBlockThatNamesNoSourcesIsNobodysSubset() {
        assertThat(marked(
                        block(0, 2).sources(List.of()).get(),
                        block(0, 2).number(9).get()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "no-compact, is marked no-compact",
        "marked, is marked for deletion",
        "missing, lacks files: index",
        "unexpected, has files that it does not list",
        "resolution, which no reader knows",
        "failed, says that compacting it failed",
        "young, younger than the consistency delay",
        "future, in the future",
        "unlabelled, has no external labels",
        "point, claims a range of time that no block has",
        "absurd, claims a range of time that no block has",
        "liar, says that it is empty and is not",
    })
    void whatCannotBeTakenStopsNobody(String what, String why) {
        raw(0, 52);
        BucketBlock strange = strange(what);
        blocks.set(5, strange);

        Planned planned = plan(60);

        assertThat(planned.left().get(strange.meta().id())).contains(why);
        assertThat(planned.plans().isEmpty()).isEqualTo(what.equals("young"));
    }

    private BucketBlock strange(String what) {
        TestBlock block = block(10, 12);
        return switch (what) {
            case "no-compact" -> block.noCompact().noDownsample().get();
            case "marked" -> block.marked(W + 20).get();
            case "missing" -> block.missing("index").get();
            case "unexpected" -> block.unexpected("chunks/x").get();
            case "resolution" -> block.resolution(17).get();
            case "failed" -> block.failed().get();
            case "young" -> block.arrivedMillis((W + 60) * HOUR - 1).get();
            case "future" -> block.arrivedMillis(Long.MAX_VALUE / 2000 * 1000).get();
            case "unlabelled" -> block.withoutLabels().get();
            case "point" -> TestBlock.millis("a", 5, 5).number(8).get();
            case "absurd" ->
                TestBlock.millis("a", Long.MIN_VALUE, Long.MAX_VALUE).number(8).get();
            case "liar" -> liar(block.samples(0).get());
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static BucketBlock liar(BucketBlock empty) {
        return new BucketBlock(empty.meta(), 1 << 20, List.of(), List.of(), null, false, false);
    }

    @Test
    void nothingIsMergedOverABlockThatMayNotBeTouched() {
        raw(0, 52);
        blocks.set(5, block(10, 12).noCompact().noDownsample().get());

        assertThat(plan(60).plans()).extracting(plan -> plan.sources().size()).containsExactly(5, 18);
    }

    @Test
    void anEmptyBlockIsMarkedOnly() {
        blocks.add(block(0, 2).samples(0).indexBytes(200).get());

        assertThat(plan(60).marks()).extracting(Planned.Marking::kind).containsExactly(Planned.Kind.EMPTY);
    }

    @Test
    void whatIsOutsideOfTheSelectorIsNotTouched() {
        raw(0, 52);
        rules = rules(labels -> !"a".equals(labels.get("site")));

        Planned planned = plan(60);

        assertThat(planned.plans()).isEmpty();
        assertThat(planned.left())
                .hasSize(26)
                .allSatisfy((_, why) -> assertThat(why).contains("selector"));
    }
}
