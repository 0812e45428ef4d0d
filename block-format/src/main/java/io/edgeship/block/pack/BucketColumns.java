package io.edgeship.block.pack;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is remembered of histograms, so that a bucket is coded by what it has more than the one below it, among
/// the events that there were at all. Both are forgotten, on both ways at the same place, where they grow past
/// a limit. Not thread-safe.
final class BucketColumns {
    private static final int NUMBERS_MAX = 1 << 20;
    private static final int NUMBERS_MIN = 16;
    private static final int FEW_EVENTS = 6;
    private static final int MAGNITUDES_MAX = 8;
    private static final int NEGATIVE_EVENTS = 15;

    /// One bucket's counts.
    record Column(long[] counts, PackedSeries series) {
        boolean isOver(PackedSeries other) {
            return series.times == other.times && series.samples() == other.samples();
        }
    }

    private final Map<Long, Column> totals = new HashMap<>();
    private long total;
    private long lowerHistogram;
    private @Nullable Column lower;

    /// The context of a bucket for which so many events are left: 0 to 15.
    static int ofEventsLeft(long left) {
        if (left < 0) {
            return NEGATIVE_EVENTS;
        }
        return left < FEW_EVENTS
                ? (int) left
                : FEW_EVENTS + Math.min(MAGNITUDES_MAX, Long.SIZE - Long.numberOfLeadingZeros(left));
    }

    /// All events of the histogram that the series belongs to.
    @Nullable Column total(SeriesRole role) {
        return totals.get(role.histogram());
    }

    /// The bucket below, if it is of the same times and not the one of all events.
    @Nullable Column lower(PackedSeries series, SeriesRole role) {
        Column below = lower;
        Column all = totals.get(role.histogram());
        if (below == null || all == null || all.series() == below.series() || !role.isBucket() || role.isTotal()) {
            return null;
        }
        return lowerHistogram == role.histogram() && below.isOver(series) ? below : null;
    }

    /// Remembers a bucket.
    ///
    /// @param counts null where they are no integers
    void remember(PackedSeries series, SeriesRole role, long @Nullable [] counts) {
        if (!role.isBucket()) {
            return;
        }
        lowerHistogram = role.histogram();
        lower = counts == null ? null : new Column(counts, series);
        if (role.isTotal() && lower != null) {
            if (total > NUMBERS_MAX) {
                totals.clear();
                total = 0;
            }
            total += Math.max(NUMBERS_MIN, lower.counts().length) + series.carriedBytes() / Long.BYTES;
            totals.put(role.histogram(), lower);
        }
    }
}
