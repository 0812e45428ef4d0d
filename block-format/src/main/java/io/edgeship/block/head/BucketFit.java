package io.edgeship.block.head;

import io.edgeship.block.histogram.Buckets;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import java.util.Arrays;
import java.util.List;

/// How the next histogram goes into a chunk.
sealed interface BucketFit {
    /// It does, with the layout of the chunk.
    record Same() implements BucketFit {}

    /// It does, once the whole chunk has this layout, which has more buckets.
    record Wider(HistogramLayout layout) implements BucketFit {}

    /// It begins another chunk, whose header says this.
    record Other(CounterReset reset) implements BucketFit {}

    /// Where each has every bucket that is in use, the buckets that both have together.
    ///
    /// @param isGauge decides between spans that name the same buckets: Prometheus merges a gauge's into the fewest
    static BucketFit of(HistogramLayout chunk, HistogramLayout next, boolean isGauge) {
        Side positive = Side.of(chunk.positiveSpans(), next.positiveSpans());
        Side negative = Side.of(chunk.negativeSpans(), next.negativeSpans());
        if (!positive.isWider() && !negative.isWider()) {
            return new Same();
        }
        boolean lacks = positive.lacks() || negative.lacks();
        return new Wider(new HistogramLayout(
                chunk.schema(),
                chunk.zeroThreshold(),
                positive.spans(lacks && (isGauge || positive.lacks())),
                negative.spans(lacks && (isGauge || negative.lacks())),
                chunk.customBounds()));
    }

    /// The positive or the negative buckets.
    ///
    /// @param union of the buckets of both
    record Side(int[] chunk, int[] next, int[] union, List<Span> nextSpans) {
        static Side of(List<Span> chunk, List<Span> next) {
            int[] inChunk = Buckets.indexes(chunk);
            int[] inNext = Buckets.indexes(next);
            boolean same = Arrays.equals(inChunk, inNext);
            return new Side(inChunk, inNext, same ? inChunk : Buckets.union(inChunk, inNext), next);
        }

        /// Whether the chunk lacks a bucket.
        boolean isWider() {
            return union.length > chunk.length;
        }

        /// Whether the next histogram does.
        boolean lacks() {
            return union.length > next.length;
        }

        List<Span> spans(boolean merged) {
            return merged ? Buckets.spans(union) : nextSpans;
        }
    }
}
