package io.edgeship.block.head;

import io.edgeship.block.histogram.Buckets;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.List;

/// A chunk of histograms with fractional counts that takes more.
final class OpenFloatHistograms extends OpenHistograms<FloatHistogramSample> {
    private final boolean withStarts;
    private FloatHistogramAppender samples;

    OpenFloatHistograms(boolean withStarts) {
        this.withStarts = withStarts;
        samples = new FloatHistogramAppender(withStarts);
    }

    @Override
    HistogramLayout layout(FloatHistogramSample sample) {
        return sample.histogram().layout();
    }

    @Override
    boolean isGauge(FloatHistogramSample sample) {
        return sample.isGauge();
    }

    @Override
    boolean isStale(FloatHistogramSample sample) {
        return sample.histogram().isStaleMarker();
    }

    @Override
    boolean countWentDown(FloatHistogramSample before, FloatHistogramSample next) {
        return next.histogram().count() < before.histogram().count();
    }

    @Override
    boolean zeroCountWentDown(FloatHistogramSample before, FloatHistogramSample next) {
        return next.histogram().zeroCount() < before.histogram().zeroCount();
    }

    @Override
    boolean bucketWentDown(FloatHistogramSample before, FloatHistogramSample next) {
        FloatHistogram a = before.histogram();
        FloatHistogram b = next.histogram();
        return wentDown(a.layout().positiveSpans(), a.positive(), b.layout().positiveSpans(), b.positive())
                || wentDown(a.layout().negativeSpans(), a.negative(), b.layout().negativeSpans(), b.negative());
    }

    private static boolean wentDown(List<Span> spans, double[] counts, List<Span> nextSpans, double[] nextCounts) {
        int[] indexes = Buckets.indexes(spans);
        int[] nextIndexes = Buckets.indexes(nextSpans);
        int at = 0;
        for (int i = 0; i < indexes.length; i++) {
            while (at < nextIndexes.length && nextIndexes[at] < indexes[i]) {
                at++;
            }
            boolean isThere = at < nextIndexes.length && nextIndexes[at] == indexes[i];
            if (isThere ? counts[i] > nextCounts[at] : counts[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    void encode(FloatHistogramSample sample, HistogramLayout wider) {
        FloatHistogram histogram =
                isStale(sample) ? FloatHistogram.staleMarker() : Buckets.spread(sample.histogram(), wider);
        samples.append(sample.startMillis(), sample.timeMillis(), histogram);
    }

    @Override
    void encodeAllAnew(HistogramLayout wider) {
        FloatHistogramAppender anew = new FloatHistogramAppender(withStarts);
        try {
            FloatHistogramIterator it = new FloatHistogramIterator(bytes(), withStarts);
            while (it.next()) {
                FloatHistogram histogram = it.isStaleMarker() ? it.histogram() : Buckets.spread(it.histogram(), wider);
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
        Encoding encoding = withStarts ? Encoding.FLOAT_HISTOGRAM_ST : Encoding.FLOAT_HISTOGRAM;
        return new TimedChunk(minTime(), maxTime(), new Chunk(encoding.code(), bytes()));
    }
}
