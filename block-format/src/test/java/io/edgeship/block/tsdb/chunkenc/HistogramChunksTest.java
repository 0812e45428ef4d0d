package io.edgeship.block.tsdb.chunkenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever histograms go in come out, to the bit.
class HistogramChunksTest {
    private static final long SEED = Long.getLong("edgeship.seed", 20261123L);
    private static final int ROUNDS = 200;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void integerHistogramsComeOutAsTheyWentIn(boolean withStarts) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            HistogramAppender appender = new HistogramAppender(withStarts);
            List<String> in = new ArrayList<>();
            HistogramLayout layout = layout();
            long start = start();
            for (int i = 0; i < 1 + random.nextInt(200); i++) {
                boolean stale = i > 0 && random.nextInt(50) == 0;
                Histogram histogram = stale ? Histogram.staleMarker() : histogram(layout);
                start = random.nextInt(30) == 0 ? start() : start;
                appender.append(start, time(i), histogram);
                in.add(describe(withStarts ? start : 0, time(i), histogram));
                if (stale) {
                    break; // Prometheus begins a new chunk after it
                }
            }
            CounterReset reset = random.nextBoolean() ? CounterReset.RESET : CounterReset.NOT_RESET;
            HistogramIterator out = new HistogramIterator(appender.toBytes(reset, BitDialect.SINCE_3_0), withStarts);
            List<String> read = new ArrayList<>();
            while (out.next()) {
                read.add(describe(out.startMillis(), out.timeMillis(), out.histogram()));
            }
            assertThat(read).as("seed %d, round %d", SEED, round).isEqualTo(in);
            assertThat(out.counterReset()).isEqualTo(reset);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void floatHistogramsComeOutAsTheyWentIn(boolean withStarts) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            FloatHistogramAppender appender = new FloatHistogramAppender(withStarts);
            List<String> in = new ArrayList<>();
            HistogramLayout layout = layout();
            long start = start();
            for (int i = 0; i < 1 + random.nextInt(200); i++) {
                FloatHistogram histogram = floatHistogram(layout);
                start = random.nextInt(30) == 0 ? start() : start;
                appender.append(start, time(i), histogram);
                in.add(describe(withStarts ? start : 0, time(i), histogram));
            }
            FloatHistogramIterator out =
                    new FloatHistogramIterator(appender.toBytes(CounterReset.GAUGE, BitDialect.BEFORE_3_0), withStarts);
            List<String> read = new ArrayList<>();
            while (out.next()) {
                read.add(describe(out.startMillis(), out.timeMillis(), out.histogram()));
            }
            assertThat(read).as("seed %d, round %d", SEED, round).isEqualTo(in);
            assertThat(out.counterReset()).isEqualTo(CounterReset.GAUGE);
        }
    }

    @Test
    void anotherNumberOfBucketsIsRefused() {
        HistogramAppender appender = new HistogramAppender(false);
        HistogramLayout one = new HistogramLayout(3, 0, List.of(new Span(0, 1)), List.of(), List.of());
        HistogramLayout two = new HistogramLayout(3, 0, List.of(new Span(0, 2)), List.of(), List.of());
        appender.append(0, 1, new Histogram(one, 1, 0, 1, new long[] {1}, new long[0]));
        Histogram other = new Histogram(two, 2, 0, 1, new long[] {1, 0}, new long[0]);
        assertThatThrownBy(() -> appender.append(0, 2, other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyBytesEndInATypedErrorAndInLittleMemory() {
        for (int round = 0; round < 20_000; round++) {
            byte[] data = new byte[random.nextInt(200)];
            random.nextBytes(data);
            if (data.length > 2 && random.nextBoolean()) {
                data[2] = 0;
            }
            for (boolean starts : new boolean[] {false, true}) {
                walk(new HistogramIterator(data, starts));
                walk(new FloatHistogramIterator(data, starts));
            }
        }
    }

    private static void walk(ChunkIterator samples) {
        try {
            int read = 0;
            while (samples.next()) {
                read++;
            }
            assertThat(read).isEqualTo(samples.count());
        } catch (CorruptChunkException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private long time(int index) {
        return 1_700_000_000_000L + index * 15_000L + index % 7;
    }

    private long start() {
        return random.nextBoolean() ? 0 : 1_600_000_000_000L + random.nextInt();
    }

    private HistogramLayout layout() {
        boolean custom = random.nextInt(4) == 0;
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; custom && i < random.nextInt(10); i++) {
            bounds.add(random.nextBoolean() ? random.nextInt(40_000_000) / 1000.0 : random.nextDouble() - 0.5);
        }
        double[] thresholds = {0, 0x1p-128, 0.001, 2, 4096, Double.MIN_VALUE, 0x1p-243};
        return new HistogramLayout(
                custom ? HistogramLayout.CUSTOM_BOUNDS : random.nextInt(-4, 9),
                thresholds[random.nextInt(thresholds.length)],
                spans(),
                custom ? List.of() : spans(),
                bounds);
    }

    private List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            spans.add(new Span(random.nextInt(-3, 500), random.nextInt(0, 12)));
        }
        return spans;
    }

    private Histogram histogram(HistogramLayout layout) {
        long[] positive = random.longs(layout.positiveBuckets(), -100, 10_000).toArray();
        long[] negative = random.longs(layout.negativeBuckets()).toArray();
        double sum = random.nextInt(20) == 0 ? Double.NaN : random.nextDouble();
        return new Histogram(layout, random.nextLong() >>> 1, random.nextInt(1000), sum, positive, negative);
    }

    private FloatHistogram floatHistogram(HistogramLayout layout) {
        double[] positive = random.doubles(layout.positiveBuckets()).toArray();
        double[] negative =
                random.ints(layout.negativeBuckets()).asDoubleStream().toArray();
        return new FloatHistogram(layout, random.nextInt(1000), random.nextDouble(), -0.0, positive, negative);
    }

    private static String describe(long start, long time, Histogram h) {
        return "%d %d %s %d %d %x %s %s"
                .formatted(
                        start,
                        time,
                        h.layout(),
                        h.count(),
                        h.zeroCount(),
                        Double.doubleToRawLongBits(h.sum()),
                        Arrays.toString(h.positive()),
                        Arrays.toString(h.negative()));
    }

    private static String describe(long start, long time, FloatHistogram h) {
        return "%d %d %s %s %s %x %s %s"
                .formatted(
                        start,
                        time,
                        h.layout(),
                        h.count(),
                        h.zeroCount(),
                        Double.doubleToRawLongBits(h.sum()),
                        Arrays.toString(h.positive()),
                        Arrays.toString(h.negative()));
    }
}
