package io.edgeship.bench;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramAppender;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramAppender;
import io.edgeship.block.tsdb.chunkenc.Xor2Appender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Nanoseconds a sample, of encoding and decoding chunks of 120 samples.
///
/// The floats are those of Prometheus' own benchmarks: each value the one before plus a small random number, steps of
/// 15 s with a little jitter. The histograms have eight buckets that all go up.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkBenchmark {
    private static final int SAMPLES = 120;
    private static final int BUCKETS = 8;

    @Param({"XOR", "XOR2", "HISTOGRAM", "HISTOGRAM_ST", "FLOAT_HISTOGRAM", "FLOAT_HISTOGRAM_ST"})
    public Encoding encoding = Encoding.XOR;

    private final long[] times = new long[SAMPLES];
    private final long[] starts = new long[SAMPLES];
    private final long[] values = new long[SAMPLES];
    private final Histogram[] histograms = new Histogram[SAMPLES];
    private final FloatHistogram[] floatHistograms = new FloatHistogram[SAMPLES];
    private Chunk chunk = new Chunk(1, new byte[0]);

    @Setup
    public void setup() {
        Random random = new Random(1);
        HistogramLayout layout = new HistogramLayout(3, 0.001, List.of(new Span(0, BUCKETS)), List.of(), List.of());
        long[] counts = new long[BUCKETS];
        double value = 100;
        for (int i = 0; i < SAMPLES; i++) {
            times[i] = 1_700_000_000_000L + i * 15_000L + random.nextInt(10);
            starts[i] = 1_699_999_000_000L;
            value += random.nextInt(1000);
            values[i] = Double.doubleToRawLongBits(value);
            long[] deltas = new long[BUCKETS];
            long sum = 0;
            for (int b = 0; b < BUCKETS; b++) {
                counts[b] += random.nextInt(100);
                deltas[b] = counts[b] - (b == 0 ? 0 : counts[b - 1]);
                sum += counts[b];
            }
            histograms[i] = new Histogram(layout, sum, 0, 1.5 * (double) sum, deltas, new long[0]);
            floatHistograms[i] = FloatHistograms.of(histograms[i]);
        }
        chunk = new Chunk(encoding.code(), encode());
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public byte[] encode() {
        return switch (encoding) {
            case XOR -> floats(new XorAppender());
            case XOR2 -> floats(new Xor2Appender());
            case HISTOGRAM -> histograms(new HistogramAppender(false));
            case HISTOGRAM_ST -> histograms(new HistogramAppender(true));
            case FLOAT_HISTOGRAM -> floatHistograms(new FloatHistogramAppender(false));
            case FLOAT_HISTOGRAM_ST -> floatHistograms(new FloatHistogramAppender(true));
            case AGGREGATE, UNKNOWN -> throw new IllegalStateException();
        };
    }

    private byte[] floats(FloatAppender appender) {
        for (int i = 0; i < SAMPLES; i++) {
            appender.append(starts[i], times[i], values[i]);
        }
        return appender.toBytes(BitDialect.SINCE_3_0);
    }

    private byte[] histograms(HistogramAppender appender) {
        for (int i = 0; i < SAMPLES; i++) {
            appender.append(starts[i], times[i], histograms[i]);
        }
        return appender.toBytes(CounterReset.UNKNOWN, BitDialect.SINCE_3_0);
    }

    private byte[] floatHistograms(FloatHistogramAppender appender) {
        for (int i = 0; i < SAMPLES; i++) {
            appender.append(starts[i], times[i], floatHistograms[i]);
        }
        return appender.toBytes(CounterReset.UNKNOWN, BitDialect.SINCE_3_0);
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public long decode() throws CorruptChunkException {
        ChunkIterator samples = chunk.iterator();
        long sum = 0;
        while (samples.next()) {
            sum += samples.timeMillis();
            if (samples instanceof FloatIterator floats) {
                sum += floats.valueBits();
            }
        }
        return sum;
    }
}
