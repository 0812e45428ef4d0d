package io.edgeship.block.downsample;

import io.edgeship.block.head.UncutHistograms;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Puts chunks of aggregates of histograms together: one, unless rounding makes a counter go down, which no chunk
/// can hold. Not thread-safe.
public final class HistogramAggregates {
    private final boolean isGauge;
    private final List<TimedChunk> done = new ArrayList<>();
    private AggregateBuilder counts = new AggregateBuilder();
    private UncutHistograms sums = new UncutHistograms();
    private UncutHistograms counters = new UncutHistograms();

    /// @param isGauge whether what is aggregated is one; sums always are
    public HistogramAggregates(boolean isGauge) {
        this.isGauge = isGauge;
    }

    /// Adds a window.
    ///
    /// @param sum     of one schema, and of a layout that goes with those before it
    ///                ([io.edgeship.block.histogram.FloatHistograms#areComparable])
    /// @param counter likewise
    public void add(long endMillis, double count, FloatHistogram sum, FloatHistogram counter) {
        if (!counters.append(new FloatHistogramSample(0, endMillis, isGauge, counter))) {
            close();
            counters.append(new FloatHistogramSample(0, endMillis, isGauge, counter));
        }
        if (!sums.append(new FloatHistogramSample(0, endMillis, true, sum))) {
            throw new IllegalStateException("sums of one run that do not go together");
        }
        counts.add(Aggregate.COUNT, endMillis, count);
    }

    private void close() {
        counts.put(Aggregate.SUM, sums.toChunk());
        counts.put(Aggregate.COUNTER, counters.toChunk());
        done.add(counts.toChunk());
        counts = new AggregateBuilder();
        sums = new UncutHistograms();
        counters = new UncutHistograms();
    }

    /// The chunks, of at least one window.
    public List<TimedChunk> finish() {
        close();
        return done;
    }
}
