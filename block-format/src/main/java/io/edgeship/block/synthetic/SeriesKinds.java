package io.edgeship.block.synthetic;

import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.HistogramSample;
import java.util.List;

/// The kinds of series that a made-up site has.
final class SeriesKinds {
    private SeriesKinds() {}

    /// Goes up by a small number, and begins anew about every five thousand samples.
    static final class Counter extends SyntheticSeries {
        private final int speed;
        private double value;

        Counter(LabelSet labels, long seed) {
            super(labels, seed);
            speed = 1 + below(200);
            value = below(1_000_000);
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            value = below(5000) == 0 ? 0 : value + below(speed);
            append(to, timeMillis, value);
        }
    }

    /// Wanders in hundredths.
    static final class Gauge extends SyntheticSeries {
        private int hundredths;

        Gauge(LabelSet labels, long seed) {
            super(labels, seed);
            hundredths = below(10_000);
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            hundredths += below(21) - 10;
            append(to, timeMillis, hundredths / 100.0);
        }
    }

    /// One value for ever.
    static final class Constant extends SyntheticSeries {
        private final double value;

        Constant(LabelSet labels, long seed) {
            super(labels, seed);
            value = below(4) == 0 ? below(1 << 20) : 1;
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            append(to, timeMillis, value);
        }
    }

    /// NaN half of the time, as a quotient of nothing is.
    static final class Quotient extends SyntheticSeries {
        Quotient(LabelSet labels, long seed) {
            super(labels, seed);
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            append(to, timeMillis, below(2) == 0 ? Double.NaN : below(1000) / 7.0);
        }
    }

    /// There for a few hours of each day, then stale.
    static final class Pod extends SyntheticSeries {
        private final long lifeSteps;
        private final long phase;
        private double value;

        Pod(LabelSet labels, long seed) {
            super(labels, seed);
            lifeSteps = 240L + below(1200);
            phase = below(2880);
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            long age = (step + phase) % 2880;
            if (age < lifeSteps) {
                value = age == 0 ? 0 : value + below(50);
                append(to, timeMillis, value);
            } else if (age == lifeSteps) {
                to.append(0, timeMillis, StaleMarker.BITS);
            }
        }
    }

    /// A part of a classic histogram. All parts of one make up the same observations, each from the same seed.
    static final class HistogramPart extends SyntheticSeries {
        private final double share;
        private final boolean isSum;
        private long total;

        /// @param share of the observations that fall into the bucket or a lower one
        HistogramPart(LabelSet labels, long familySeed, double share, boolean isSum) {
            super(labels, familySeed);
            this.share = share;
            this.isSum = isSum;
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            total += below(40);
            append(to, timeMillis, isSum ? (double) total * 0.137 : Math.floor((double) total * share));
        }
    }

    /// A native histogram of eight buckets, exponential or custom.
    static final class Native extends SyntheticSeries {
        private static final int BUCKETS = 8;
        private final HistogramLayout layout;
        private final long[] counts = new long[BUCKETS];

        Native(LabelSet labels, long seed, boolean custom) {
            super(labels, seed);
            layout = custom
                    ? new HistogramLayout(
                            HistogramLayout.CUSTOM_BOUNDS,
                            0,
                            List.of(new Span(0, BUCKETS)),
                            List.of(),
                            List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0))
                    : new HistogramLayout(3, 0x1p-128, List.of(new Span(-4, BUCKETS)), List.of(), List.of());
        }

        @Override
        void sample(long step, long timeMillis, SeriesAppender to) {
            long[] deltas = new long[BUCKETS];
            long sum = 0;
            long before = 0;
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] += below(10);
                deltas[i] = counts[i] - before;
                before = counts[i];
                sum += counts[i];
            }
            Histogram histogram = new Histogram(layout, sum, 0, (double) sum / 8, deltas, new long[0]);
            to.append(new HistogramSample(0, timeMillis, false, histogram));
        }
    }
}
