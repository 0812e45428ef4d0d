package io.edgeship.block.pack;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Blocks such as no program writes: every kind of value, label and chunk that a packer may trip over.
final class OddBlocks {
    private static final BlockId ID = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHS9");
    private static final ChunkRules RANDOM_RULES = new ChunkRules(1L << 40, true, true);
    private static final String[] BOUNDS = {"+Inf", "0.5", "1", "10", "2.5", "odd"};

    private final Random random;
    private final TestBlock block = TestBlock.of(ID, new TimeRange(0, 7_200_000));
    private final BitDialect dialect;

    private OddBlocks(Random random) {
        this.random = random;
        dialect = random.nextBoolean() ? BitDialect.SINCE_3_0 : BitDialect.BEFORE_3_0;
    }

    static Path write(Random random, Path parent) throws IOException {
        OddBlocks odd = new OddBlocks(random);
        int kinds = 1 + random.nextInt(7);
        for (int i = 0; i < kinds; i++) {
            odd.add(i);
        }
        if (random.nextBoolean()) {
            odd.block.chunksPerSegment(1 + random.nextInt(5));
        }
        if (random.nextBoolean()) {
            odd.block.symbols(List.of("zz-unused-" + random.nextInt(100), "a".repeat(random.nextInt(3000) + 1)));
        }
        Path dir = odd.block.write(parent);
        if (random.nextBoolean()) {
            TestTombstones.write(dir, List.of(new Tombstone(1, 0, random.nextInt(1000))));
        }
        return dir;
    }

    private void add(int number) {
        String name = "metric_" + number;
        switch (random.nextInt(4)) {
            case 0 -> histogram(name);
            case 1 -> mixed(name);
            default -> floats(name);
        }
    }

    private void floats(String name) {
        int series = 1 + random.nextInt(4);
        for (int i = 0; i < series; i++) {
            String value =
                    random.nextInt(5) == 0 ? "9".repeat(20) + i : random.nextInt(9) == 0 ? "ü".repeat(900) + i : "" + i;
            block.series(LabelSet.ofSorted("__name__", name, "of", value), chunks(kind(), 1 + random.nextInt(400)));
        }
    }

    private void histogram(String name) {
        int count = 1 + random.nextInt(200);
        long[] totals = new long[count];
        for (String bound : BOUNDS) {
            long sum = 0;
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sum += random.nextInt(4);
                totals[i] = Math.max(totals[i], sum);
                values.add(Double.doubleToRawLongBits((double) sum));
            }
            block.series(LabelSet.ofSorted("__name__", name + "_bucket", "le", bound), xor(0, 15_000, values));
            if (bound.equals("+Inf")) {
                block.series(LabelSet.ofSorted("__name__", name + "_count"), xor(0, 15_000, values));
            }
        }
    }

    /// Floats and histograms in every encoding.
    private void mixed(String name) {
        SeriesAppender appender = new SeriesAppender(random.nextBoolean() ? RANDOM_RULES : ChunkRules.DEFAULT);
        for (Sample sample : RandomSamples.of(random, 1 + random.nextInt(300))) {
            appender.append(sample);
        }
        List<TestChunk> chunks = new ArrayList<>();
        appender.finish()
                .forEach(timed -> chunks.add(TestChunk.ofBytes(
                        timed.chunk().encodingCode(), timed.chunk().data(), timed.minTime(), timed.maxTime())));
        if (random.nextBoolean()) {
            long after = chunks.getLast().maxTime() + 1;
            chunks.add(TestChunk.ofBytes(200, new byte[] {1, 2, 3}, after, after + 5));
        }
        block.series(LabelSet.ofSorted("__name__", name), chunks);
        if (random.nextBoolean()) {
            List<TestChunk> aggregates = chunks.stream().map(this::aggregate).toList();
            block.series(LabelSet.ofSorted("__name__", name, "of", "aggregates"), aggregates);
        }
    }

    /// As Thanos has them, and with aggregates of any encoding.
    private TestChunk aggregate(TestChunk of) {
        List<Optional<AggregateChunk.Part>> parts = new ArrayList<>();
        for (int i = 0; i < AggregateChunk.Aggregate.values().length; i++) {
            parts.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Optional.empty();
                        case 1 -> Optional.of(new AggregateChunk.Part(201, new byte[] {4, 5}));
                        default -> Optional.of(new AggregateChunk.Part(of.encoding(), of.data()));
                    });
        }
        return TestChunk.ofBytes(0xff, new AggregateChunk(parts).toBytes(), of.minTime(), of.maxTime());
    }

    private List<TestChunk> chunks(int kind, int samples) {
        List<TestChunk> chunks = new ArrayList<>();
        long time = random.nextInt(3) == 0 ? random.nextLong() >> 20 : 0;
        double sum = 0;
        for (int left = samples; left > 0; ) {
            int part = Math.min(left, 1 + random.nextInt(130));
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < part; i++) {
                sum += random.nextInt(1000) / 1000.0;
                values.add(value(kind, sum));
            }
            long step = random.nextInt(4) == 0 ? 1 + random.nextLong(1L << 34) : 15_000;
            TestChunk chunk = xor(time, step, values);
            chunks.add(chunk);
            time = chunk.maxTime() + step;
            left -= part;
        }
        return chunks;
    }

    private int kind() {
        return random.nextInt(7);
    }

    private long value(int kind, double sum) {
        if (random.nextInt(30) == 0) {
            return switch (random.nextInt(5)) {
                case 0 -> Long.MIN_VALUE; // -0.0
                case 1 -> StaleMarker.BITS;
                case 2 -> 0x7ff8000000000001L;
                case 3 -> 0xfff0000000000000L | random.nextLong(1, 1L << 50);
                default -> Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
            };
        }
        return switch (kind) {
            case 0 -> Double.doubleToRawLongBits(42);
            case 1 -> random.nextLong();
            case 2 -> Double.doubleToRawLongBits(sum);
            case 3 -> Double.doubleToRawLongBits((double) (random.nextInt(2000) - 1000) / 100);
            case 4 -> Double.doubleToRawLongBits(random.nextDouble() * 1e300 - 5e299);
            case 5 -> Double.doubleToRawLongBits(Double.MIN_VALUE * random.nextInt(5));
            default -> Double.doubleToRawLongBits((double) (random.nextLong() >> 11));
        };
    }

    private TestChunk xor(long time, long step, List<Long> values) {
        XorAppender appender = new XorAppender();
        for (int i = 0; i < values.size(); i++) {
            appender.append(0, time + i * step, values.get(i));
        }
        return TestChunk.ofBytes(1, appender.toBytes(dialect), time, time + (values.size() - 1) * step);
    }
}
