package io.edgeship.block.head;

import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import org.jspecify.annotations.Nullable;

/// A chunk of histograms that takes more.
///
/// @param <S> with integer or fractional counts
abstract sealed class OpenHistograms<S extends Sample> extends OpenChunk
        permits OpenIntHistograms, OpenFloatHistograms {
    private @Nullable S last;
    private HistogramLayout layout = HistogramLayout.NONE;
    private CounterReset reset = CounterReset.UNKNOWN;

    /// Takes the first sample.
    ///
    /// @param fit of it with the chunk before, or null if that is no chunk of this kind
    final void first(S sample, @Nullable BucketFit fit) {
        reset = isGauge(sample) ? CounterReset.GAUGE : reset(fit);
        layout = layout(sample);
        encode(sample, layout);
        last = sample;
        counted(sample.timeMillis());
    }

    private static CounterReset reset(@Nullable BucketFit fit) {
        return switch (fit) {
            case null -> CounterReset.UNKNOWN;
            case BucketFit.Other(CounterReset said) -> said;
            case BucketFit.Same _, BucketFit.Wider _ -> CounterReset.NOT_RESET;
        };
    }

    /// Takes a sample that [#fit] found to go in.
    final void following(S sample, BucketFit fit) {
        if (fit instanceof BucketFit.Wider(HistogramLayout wider)) {
            layout = wider;
            encodeAllAnew(wider);
        }
        encode(sample, layout);
        last = sample;
        counted(sample.timeMillis());
    }

    /// How the next sample goes in after the last one.
    final BucketFit fit(S next) {
        S before = last;
        if (before == null) {
            throw new IllegalStateException("an empty chunk");
        }
        if (isGauge(next) != (reset == CounterReset.GAUGE)) {
            return new BucketFit.Other(CounterReset.UNKNOWN);
        }
        if (isStale(next)) {
            return new BucketFit.Same();
        }
        if (isStale(before)) {
            return new BucketFit.Other(CounterReset.UNKNOWN);
        }
        return reset == CounterReset.GAUGE ? gaugeFit(next) : counterFit(before, next);
    }

    private BucketFit gaugeFit(S next) {
        return isComparable(next)
                ? BucketFit.of(layout, layout(next), true)
                : new BucketFit.Other(CounterReset.UNKNOWN);
    }

    private BucketFit counterFit(S before, S next) {
        if (countWentDown(before, next)) {
            return new BucketFit.Other(CounterReset.RESET);
        }
        HistogramLayout wanted = layout(next);
        if (wanted.schema() != layout.schema() || wanted.zeroThreshold() != layout.zeroThreshold()) {
            return new BucketFit.Other(CounterReset.UNKNOWN);
        }
        if (!isComparable(next) || zeroCountWentDown(before, next) || bucketWentDown(before, next)) {
            return new BucketFit.Other(CounterReset.RESET);
        }
        return BucketFit.of(layout, wanted, false);
    }

    private boolean isComparable(S next) {
        HistogramLayout wanted = layout(next);
        return wanted.schema() == layout.schema()
                && wanted.zeroThreshold() == layout.zeroThreshold()
                && wanted.customBounds().equals(layout.customBounds());
    }

    final CounterReset counterReset() {
        return reset;
    }

    abstract HistogramLayout layout(S sample);

    abstract boolean isGauge(S sample);

    abstract boolean isStale(S sample);

    abstract boolean countWentDown(S before, S next);

    abstract boolean zeroCountWentDown(S before, S next);

    /// A bucket that was in use and is missing went down, too.
    abstract boolean bucketWentDown(S before, S next);

    /// @param wider of the chunk: has every bucket of the sample
    abstract void encode(S sample, HistogramLayout wider);

    abstract void encodeAllAnew(HistogramLayout wider);

    @Override
    abstract TimedChunk toChunk();
}
