package io.edgeship.block.tsdb.chunkenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.StaleMarker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever samples go in come out, to the bit.
class FloatChunksTest {
    private static final long SEED = Long.getLong("edgeship.seed", 20261123L);
    private static final int ROUNDS = 200;
    private static final long[] ODD_BITS = {
        StaleMarker.BITS,
        0x7ff8000000000000L, // NaN
        0x7ff8000000000001L, // another
        0xfff0000000000001L, // signalling, negative
        Double.doubleToRawLongBits(-0.0),
        0,
        Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
        Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
        Double.doubleToRawLongBits(Double.MIN_VALUE),
        Double.doubleToRawLongBits(Double.MAX_VALUE),
        -1,
        1,
        Long.MIN_VALUE + 1
    };

    private record Sample(long start, long time, long bits) {}

    record Codec(
            String name,
            Supplier<FloatAppender> appender,
            Function<byte[], FloatIterator> iterator,
            boolean hasStarts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Codec> codecs() {
        return Stream.of(
                new Codec("xor", XorAppender::new, XorIterator::new, false),
                new Codec("xor2", Xor2Appender::new, Xor2Iterator::new, true));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void samplesComeOutAsTheyWentIn(Codec codec) throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<Sample> samples = samples(random, codec.hasStarts(), sizeOf(round, random));
            for (BitDialect dialect : BitDialect.values()) {
                byte[] data = encode(codec, samples, dialect);
                assertThat(decode(codec, data))
                        .as("seed %d, round %d", SEED, round)
                        .isEqualTo(samples);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aChunkCutShortSaysSo(Codec codec) throws IOException {
        Random random = new Random(SEED);
        byte[] data = encode(codec, samples(random, codec.hasStarts(), 40), BitDialect.SINCE_3_0);
        for (int length = 0; length < data.length; length++) {
            byte[] cut = Arrays.copyOf(data, length);
            assertThatThrownBy(() -> decode(codec, cut))
                    .as("cut at %d", length)
                    .isInstanceOf(CorruptChunkException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aFullChunkTakesNoMore(Codec codec) throws IOException {
        FloatAppender appender = codec.appender().get();
        for (int i = 0; i < FloatAppender.SAMPLES_MAX; i++) {
            appender.append(0, i, i);
        }
        assertThatThrownBy(() -> appender.append(0, 0, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(decode(codec, appender.toBytes(BitDialect.SINCE_3_0))).hasSize(FloatAppender.SAMPLES_MAX);
    }

    private static int sizeOf(int round, Random random) {
        return round < 10 ? round + 1 : 1 + random.nextInt(round % 20 == 0 ? 10_000 : 300);
    }

    private static List<Sample> samples(Random random, boolean starts, int count) {
        List<Sample> samples = new ArrayList<>();
        boolean anyTime = random.nextInt(4) == 0;
        long time = anyTime ? random.nextLong() : 1_700_000_000_000L;
        long bits = 0;
        long start = starts && random.nextBoolean() ? time - 1000 : 0;
        int calm = random.nextInt(1, 200);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                time += anyTime ? random.nextLong() : 15_000 + jitter(random);
            }
            if (random.nextInt(3) > 0) {
                bits = random.nextInt(10) == 0
                        ? ODD_BITS[random.nextInt(ODD_BITS.length)]
                        : Double.doubleToRawLongBits(random.nextInt(1000) / 8.0);
            }
            if (starts && random.nextInt(calm) == 0) {
                start = random.nextInt(5) == 0 ? random.nextLong() : time - random.nextInt(100_000);
            }
            samples.add(new Sample(start, time, bits));
        }
        return samples;
    }

    private static long jitter(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(-20, 20);
            case 1 -> random.nextInt(-5000, 5000);
            case 2 -> random.nextInt(-600_000, 600_000);
            case 3 -> random.nextLong() >> 8;
            default -> 0;
        };
    }

    private static byte[] encode(Codec codec, List<Sample> samples, BitDialect dialect) {
        FloatAppender appender = codec.appender().get();
        samples.forEach(sample -> appender.append(sample.start(), sample.time(), sample.bits()));
        return appender.toBytes(dialect);
    }

    private static List<Sample> decode(Codec codec, byte[] data) throws IOException {
        List<Sample> samples = new ArrayList<>();
        FloatIterator iterator = codec.iterator().apply(data);
        while (iterator.next()) {
            samples.add(new Sample(iterator.startMillis(), iterator.timeMillis(), iterator.valueBits()));
        }
        return samples;
    }
}
