package io.edgeship.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.tsdb.BlockMeta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowCoverageTest {
    private static final long HOUR = 3_600_000;

    /// An hour and a half into the window from 100 to 102.
    private static final Instant NOW = Instant.ofEpochMilli(101 * HOUR + HOUR / 2);

    private final List<BucketBlock> blocks = new ArrayList<>();

    @Test
    void aBlockCoversItsWindowAndNoOther() throws Exception {
        block(96 * HOUR, 98 * HOUR);

        assertThat(covered().subList(0, 4)).containsExactly(0.0, 0.0, 1.0, 0.0);
        assertThat(covered()).hasSize(WindowCoverage.WINDOWS).endsWith(0.0);
    }

    @Test
    void partsOfAWindowAddUpAndOverlapsCountOnceInWhateverOrder() throws Exception {
        block(98 * HOUR, 99 * HOUR);
        block(98 * HOUR + HOUR / 2, 99 * HOUR + HOUR / 2);
        List<Double> inOrder = covered();
        Collections.reverse(blocks);

        assertThat(inOrder.get(1)).isEqualTo(0.75);
        assertThat(covered()).isEqualTo(inOrder);
    }

    @Test
    void aLongBlockCoversAllThatItSpansAndNoneOfWhatItDoesNot() throws Exception {
        block(Long.MIN_VALUE, 96 * HOUR);

        assertThat(covered().subList(0, 3)).containsOnly(0.0);
        assertThat(covered().subList(3, WindowCoverage.WINDOWS)).containsOnly(1.0);
    }

    @Test
    void whatIsInTheFutureOrOlderThanTwoDaysIsNotShown() throws Exception {
        block(102 * HOUR, Long.MAX_VALUE);
        block(0, 54 * HOUR);

        assertThat(covered()).containsOnly(0.0);
    }

    @Test
    void aBlockThatLacksAFileCoversNothing() throws Exception {
        BucketBlock whole = parsed(98 * HOUR, 100 * HOUR);
        blocks.add(new BucketBlock(whole.meta(), 1, List.of("index"), List.of(), null, false, false));

        assertThat(covered()).containsOnly(0.0);
    }

    private List<Double> covered() {
        return WindowCoverage.of(blocks, NOW);
    }

    private void block(long minTime, long maxTime) throws Exception {
        blocks.add(parsed(minTime, maxTime));
    }

    private static BucketBlock parsed(long minTime, long maxTime) throws Exception {
        byte[] json = BucketFolder.meta(BucketFolder.A, minTime, maxTime, "a").getBytes(StandardCharsets.UTF_8);
        return BucketBlock.committed(BlockMeta.parse("meta.json", json), 1);
    }
}
