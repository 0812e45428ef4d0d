package io.edgeship.block.testing;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;

/// Descriptions that many tests begin with.
public final class TestBlocks {
    public static final BlockId ID = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHS9");
    public static final TimeRange TWO_HOURS = new TimeRange(0, 7_200_000);

    private TestBlocks() {}

    /// Three series of two chunks each, two hours long, nothing wrong.
    public static TestBlock sound() {
        TestBlock block = TestBlock.of(ID, TWO_HOURS);
        for (String job : new String[] {"a", "b", "c"}) {
            block.series(
                    LabelSet.ofSorted("__name__", "up", "job", job),
                    TestChunk.of(0, 15_000, 1, 1, 0, 1.5),
                    TestChunk.of(60_000, 15_000, 2, Double.NaN, 4));
        }
        return block;
    }
}
