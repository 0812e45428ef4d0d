package io.edgeship.block.head;

import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.tsdb.chunks.Chunk;

/// One chunk of float histograms that grows as long as they go together, whatever its size: for aggregates. Not
/// thread-safe.
public final class UncutHistograms {
    private final OpenFloatHistograms chunk = new OpenFloatHistograms(false);

    /// Appends a histogram; counters are taken to go on from whatever was before.
    ///
    /// @return false if it does not go together with those before it; then nothing has changed
    public boolean append(FloatHistogramSample sample) {
        if (chunk.count() == 0) {
            chunk.first(sample, new BucketFit.Same());
            return true;
        }
        BucketFit fit = chunk.fit(sample);
        if (fit instanceof BucketFit.Other) {
            return false;
        }
        chunk.following(sample, fit);
        return true;
    }

    public Chunk toChunk() {
        return chunk.toChunk().chunk();
    }
}
