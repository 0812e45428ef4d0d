package io.edgeship.block.tsdb.chunkenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.StaleMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Decoding a chunk in one go gives what the iterator gives, sample by sample, and gives up where that throws.
class XorSamplesTest {
    private static final long SEED = Long.getLong("edgeship.seed", 20261126);
    private static final int CHUNKS = 400;
    private static final int DAMAGES = 30;
    private static final int FROM = 3;

    private record Decoded(List<Long> times, List<Long> valueBits) {}

    @Test
    void aSoundChunkIsDecodedAsTheIteratorDoes() {
        Random random = new Random(SEED);
        for (int i = 0; i < CHUNKS; i++) {
            byte[] data = chunk(random);
            assertThat(inOneGo(data))
                    .as("seed %d, chunk %d", SEED, i)
                    .isNotNull()
                    .isEqualTo(oneByOne(data));
        }
    }

    @Test
    void aDamagedChunkIsDecodedAsTheIteratorDoesOrNotAtAll() {
        Random random = new Random(SEED);
        int givenUp = 0;
        for (int i = 0; i < CHUNKS; i++) {
            byte[] sound = chunk(random);
            for (int j = 0; j < DAMAGES; j++) {
                byte[] data = damaged(sound, random);
                Decoded quick = inOneGo(data);
                givenUp += quick == null ? 1 : 0;
                if (quick != null) {
                    assertThat(quick)
                            .as("seed %d, %s", SEED, Arrays.toString(data))
                            .isEqualTo(oneByOne(data));
                }
            }
        }
        assertThat(givenUp).as("seed " + SEED).isBetween(1, CHUNKS * DAMAGES - 1);
    }

    @Test
    void aChunkThatIsCutAnywhereIsGivenUp() {
        byte[] data = chunk(new Random(SEED));
        for (int length = 0; length < data.length; length++) {
            assertThat(inOneGo(Arrays.copyOf(data, length)))
                    .as("cut at " + length)
                    .isNull();
        }
    }

    private static byte[] damaged(byte[] data, Random random) {
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(data, random.nextInt(data.length));
        }
        byte[] damaged = data.clone();
        damaged[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return damaged;
    }

    private static byte[] chunk(Random random) {
        XorAppender chunk = new XorAppender();
        long time = random.nextLong(-1L << 50, 1L << 50);
        int interval = 1 + random.nextInt(60_000);
        double value = 0;
        int samples = 1 + random.nextInt(250);
        for (int i = 0; i < samples; i++) {
            chunk.append(0, time, random.nextInt(20) == 0 ? StaleMarker.BITS : Double.doubleToRawLongBits(value));
            time += random.nextInt(10) == 0 ? 1L << random.nextInt(40) : interval;
            value = switch (random.nextInt(4)) {
                case 0 -> value;
                case 1 -> value + random.nextInt(1000);
                case 2 -> random.nextDouble();
                default -> Double.longBitsToDouble(random.nextLong());
            };
        }
        return chunk.toBytes(BitDialect.SINCE_3_0);
    }

    private static @Nullable Decoded inOneGo(byte[] data) {
        int room = FROM + XorSamples.countMax(data);
        long[] times = new long[room];
        double[] values = new double[room];
        int count = XorSamples.decode(data, times, values, FROM);
        if (count < 0) {
            return null;
        }
        Decoded decoded = new Decoded(new ArrayList<>(), new ArrayList<>());
        for (int i = FROM; i < FROM + count; i++) {
            decoded.times().add(times[i]);
            decoded.valueBits().add(Double.doubleToRawLongBits(values[i]));
        }
        return decoded;
    }

    /// Stale markers left out, and what goes back in time.
    private static Decoded oneByOne(byte[] data) {
        Decoded decoded = new Decoded(new ArrayList<>(), new ArrayList<>());
        XorIterator samples = new XorIterator(data);
        try {
            for (long last = Long.MIN_VALUE; samples.next(); ) {
                if (samples.valueBits() != StaleMarker.BITS && samples.timeMillis() >= last) {
                    last = samples.timeMillis();
                    decoded.times().add(last);
                    decoded.valueBits().add(samples.valueBits());
                }
            }
        } catch (CorruptChunkException e) {
            throw new AssertionError("seed " + SEED, e);
        }
        return decoded;
    }
}
