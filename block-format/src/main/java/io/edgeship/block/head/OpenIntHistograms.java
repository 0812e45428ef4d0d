package io.edgeship.block.head;

import io.edgeship.block.histogram.Buckets;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.HistogramAppender;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.List;

/// A chunk of histograms with integer counts that takes more.
final class OpenIntHistograms extends OpenHistograms<HistogramSample> {
    private final boolean withStarts;
    private HistogramAppender samples;

    OpenIntHistograms(boolean withStarts) {
        this.withStarts = withStarts;
        samples = new HistogramAppender(withStarts);
    }

    @Override
    HistogramLayout layout(HistogramSample sample) {
        return sample.histogram().layout();
    }

    @Override
    boolean isGauge(HistogramSample sample) {
        return sample.isGauge();
    }

    @Override
    boolean isStale(HistogramSample sample) {
        return sample.histogram().isStaleMarker();
    }

    @Override
    boolean countWentDown(HistogramSample before, HistogramSample next) {
        return Long.compareUnsigned(next.histogram().count(), before.histogram().count()) < 0;
    }

    @Override
    boolean zeroCountWentDown(HistogramSample before, HistogramSample next) {
        return Long.compareUnsigned(
                        next.histogram().zeroCount(), before.histogram().zeroCount())
                < 0;
    }

    @Override
    boolean bucketWentDown(HistogramSample before, HistogramSample next) {
        Histogram a = before.histogram();
        Histogram b = next.histogram();
        return wentDown(a.layout().positiveSpans(), a.positive(), b.layout().positiveSpans(), b.positive())
                || wentDown(a.layout().negativeSpans(), a.negative(), b.layout().negativeSpans(), b.negative());
    }

    private static boolean wentDown(List<Span> spans, long[] deltas, List<Span> nextSpans, long[] nextDeltas) {
        int[] indexes = Buckets.indexes(spans);
        int[] nextIndexes = Buckets.indexes(nextSpans);
        long count = 0;
        long nextCount = 0;
        int at = 0;
        for (int i = 0; i < indexes.length; i++) {
            count += deltas[i];
            while (at < nextIndexes.length && nextIndexes[at] < indexes[i]) {
                nextCount += nextDeltas[at++];
            }
            boolean isThere = at < nextIndexes.length && nextIndexes[at] == indexes[i];
            if (isThere) {
                nextCount += nextDeltas[at++];
            }
            if (count > (isThere ? nextCount : 0)) {
                return true;
            }
        }
        return false;
    }

    @Override
    void encode(HistogramSample sample, HistogramLayout wider) {
        Histogram histogram = isStale(sample) ? Histogram.staleMarker() : Buckets.spread(sample.histogram(), wider);
        samples.append(sample.startMillis(), sample.timeMillis(), histogram);
    }

    @Override
    void encodeAllAnew(HistogramLayout wider) {
        HistogramAppender anew = new HistogramAppender(withStarts);
        try {
            HistogramIterator it = new HistogramIterator(bytes(), withStarts);
            while (it.next()) {
                Histogram histogram = it.isStaleMarker() ? it.histogram() : Buckets.spread(it.histogram(), wider);
                anew.append(it.startMillis(), it.timeMillis(), histogram);
            }
        } catch (CorruptChunkException e) {
            throw new IllegalStateException("a chunk that was just encoded cannot be read", e);
        }
        samples = anew;
    }

    private byte[] bytes() {
        return samples.toBytes(counterReset(), BitDialect.SINCE_3_0);
    }

    @Override
    int sizeBytes() {
        return samples.sizeBytes();
    }

    @Override
    TimedChunk toChunk() {
        Encoding encoding = withStarts ? Encoding.HISTOGRAM_ST : Encoding.HISTOGRAM;
        return new TimedChunk(minTime(), maxTime(), new Chunk(encoding.code(), bytes()));
    }
}
