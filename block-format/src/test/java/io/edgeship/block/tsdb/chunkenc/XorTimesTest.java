package io.edgeship.block.tsdb.chunkenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The quick look at a chunk's times says what reading all of it says.
class XorTimesTest {
    private static final long SEED = Long.getLong("edgeship.seed", 20261125);
    private static final int SERIES = 300;
    private static final int DAMAGES = 20;

    @Test
    void aSoundChunkAscends() {
        assertThat(chunks(new Random(SEED)))
                .as("seed " + SEED)
                .hasSizeGreaterThan(200)
                .allSatisfy(chunk -> {
                    byte[] data = chunk.chunk().data();
                    assertThat(XorTimes.ascend(data, chunk.minTime(), chunk.maxTime()))
                            .isTrue();
                    assertThat(XorTimes.ascend(data, chunk.minTime() + 1, chunk.maxTime()))
                            .isFalse();
                    assertThat(XorTimes.ascend(data, chunk.minTime(), chunk.maxTime() + 1))
                            .isFalse();
                });
    }

    @Test
    void aDamagedChunkIsJudgedAsTheIteratorJudgesIt() {
        Random random = new Random(SEED);
        int sound = 0;
        for (TimedChunk chunk : chunks(random)) {
            for (int i = 0; i < DAMAGES; i++) {
                byte[] data = damaged(chunk.chunk().data(), random);
                boolean ascends = ascendsByIterator(data, chunk.minTime(), chunk.maxTime());
                assertThat(XorTimes.ascend(data, chunk.minTime(), chunk.maxTime()))
                        .as("seed %d, %s", SEED, Arrays.toString(data))
                        .isEqualTo(ascends);
                sound += ascends ? 1 : 0;
            }
        }
        assertThat(sound).as("damage that only values show, seed " + SEED).isPositive();
    }

    private static byte[] damaged(byte[] data, Random random) {
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(data, random.nextInt(data.length));
        }
        byte[] damaged = data.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return damaged;
    }

    private static boolean ascendsByIterator(byte[] data, long minTime, long maxTime) {
        try {
            XorIterator samples = new XorIterator(data);
            long count = 0;
            long last = 0;
            boolean ascend = true;
            for (; samples.next(); count++) {
                ascend &= count == 0 ? samples.timeMillis() == minTime : samples.timeMillis() > last;
                last = samples.timeMillis();
            }
            return ascend && count > 0 && last == maxTime;
        } catch (CorruptChunkException e) {
            return false;
        }
    }

    private static List<TimedChunk> chunks(Random random) {
        List<TimedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
            for (Sample sample : RandomSamples.of(random, 1 + random.nextInt(300))) {
                appender.append(sample);
            }
            appender.finish().stream()
                    .filter(chunk -> chunk.chunk().encoding() == Encoding.XOR)
                    .forEach(chunks::add);
        }
        return chunks;
    }
}
