package io.edgeship.block.testing;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.histogram.Buckets;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/// A series such as no program writes: floats and histograms of every kind in turn, buckets that come and go.
public final class RandomSamples {
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        Double.MIN_VALUE,
        StaleMarker.value()
    };

    private final Random random;
    private int kind;
    private boolean isGauge;
    private int schema;
    private long count = 5;

    private RandomSamples(Random random) {
        this.random = random;
    }

    public static List<Sample> of(Random random, int number) {
        RandomSamples source = new RandomSamples(random);
        List<Sample> samples = new ArrayList<>();
        long time = random.nextLong() >> 20;
        for (int i = 0; i < number; i++) {
            samples.add(source.next(time));
            time += 1 + (random.nextInt(10) == 0 ? random.nextLong(1L << random.nextInt(1, 36)) : 15_000);
        }
        return samples;
    }

    /// A histogram whose counts only go up, every 15 seconds.
    public static List<Sample> counterHistograms(Random random, int number) {
        HistogramLayout layout = new HistogramLayout(3, 0.001, List.of(new Span(0, 8)), List.of(), List.of());
        long[] counts = new long[8];
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            long[] deltas = new long[counts.length];
            long sum = 0;
            for (int j = 0; j < counts.length; j++) {
                counts[j] += random.nextInt(1000);
                deltas[j] = counts[j] - (j == 0 ? 0 : counts[j - 1]);
                sum += counts[j];
            }
            Histogram histogram = new Histogram(layout, sum, 0, 1.5 * (double) sum, deltas, new long[0]);
            samples.add(new HistogramSample(0, i * 15_000L, false, histogram));
        }
        return samples;
    }

    private Sample next(long time) {
        if (random.nextInt(50) == 0) {
            kind = random.nextInt(3);
            isGauge = random.nextBoolean();
            schema = random.nextBoolean() ? random.nextInt(-4, 9) : HistogramLayout.CUSTOM_BOUNDS;
        }
        count = random.nextInt(30) == 0 ? random.nextLong(10) : count + random.nextLong(100);
        long start = random.nextInt(3) == 0 ? 0 : time - random.nextLong(100_000);
        return switch (kind) {
            case 0 -> new FloatSample(start, time, floatBits());
            case 1 -> new HistogramSample(start, time, isGauge, histogram());
            default -> new FloatHistogramSample(start, time, isGauge, floatHistogram());
        };
    }

    private long floatBits() {
        return switch (random.nextInt(4)) {
            case 0 -> Double.doubleToRawLongBits(SPECIAL[random.nextInt(SPECIAL.length)]);
            case 1 -> random.nextLong();
            default -> Double.doubleToRawLongBits((double) count);
        };
    }

    private Histogram histogram() {
        if (random.nextInt(40) == 0) {
            return Histogram.staleMarker();
        }
        HistogramLayout layout = layout();
        return new Histogram(
                layout,
                count,
                count / 3,
                random.nextGaussian(),
                longs(layout.positiveBuckets()),
                longs(layout.negativeBuckets()));
    }

    private FloatHistogram floatHistogram() {
        if (random.nextInt(40) == 0) {
            return FloatHistogram.staleMarker();
        }
        HistogramLayout layout = layout();
        double sum = Double.longBitsToDouble(floatBits());
        boolean isStale = Double.doubleToRawLongBits(sum) == StaleMarker.BITS;
        return new FloatHistogram(
                layout,
                count,
                (double) count / 3,
                isStale ? 0 : sum,
                doubles(layout.positiveBuckets()),
                doubles(layout.negativeBuckets()));
    }

    private HistogramLayout layout() {
        if (schema == HistogramLayout.CUSTOM_BOUNDS) {
            List<Double> bounds = random.nextInt(20) == 0 ? List.of(0.5, 2.0) : List.of(0.25, 1.0, 1e300);
            return new HistogramLayout(schema, 0, spans(bounds.size() + 1), List.of(), bounds);
        }
        return new HistogramLayout(schema, 0.001, spans(20), spans(5), List.of());
    }

    private List<Span> spans(int buckets) {
        TreeSet<Integer> indexes = new TreeSet<>();
        for (int i = random.nextInt(buckets); i > 0; i--) {
            indexes.add(random.nextInt(buckets));
        }
        return Buckets.spans(indexes.stream().mapToInt(Integer::intValue).toArray());
    }

    /// Deltas that add up to nothing below zero.
    private long[] longs(int number) {
        long[] deltas = new long[number];
        long before = 0;
        for (int i = 0; i < number; i++) {
            long next = random.nextInt(3) == 0 ? 0 : random.nextLong(count + 1);
            deltas[i] = next - before;
            before = next;
        }
        return deltas;
    }

    private double[] doubles(int number) {
        double[] counts = new double[number];
        for (int i = 0; i < number; i++) {
            counts[i] = random.nextInt(3) == 0 ? 0 : random.nextDouble() * (double) count;
        }
        return counts;
    }
}
