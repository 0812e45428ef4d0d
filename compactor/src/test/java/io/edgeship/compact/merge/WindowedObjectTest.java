package io.edgeship.compact.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.memory.MemoryBucket;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WindowedObjectTest {
    private static final String KEY = "block/chunks/000001";

    private final MemoryBucket memory = new MemoryBucket();
    private final RecordingBucket recorded = new RecordingBucket(memory);
    private final ReadAhead readAhead = new ReadAhead(2);
    private final Traffic traffic = new Traffic();

    @AfterEach
    void close() {
        readAhead.close();
    }

    @Test
    void aWindowIsOneRequestHoweverSmallTheReads() throws IOException {
        byte[] bytes = object(1000, 1);

        assertThat(readAll(object(recorded, 1000, 50, 400, 1, 0), 7)).isEqualTo(bytes);

        assertThat(recorded.calls()).hasSize(1 + 3); // 50, 400, 400 and 150
        assertThat(traffic.receivedBytes()).isEqualTo(1000);
    }

    @Test
    void theNextWindowIsFetchedOnce() throws IOException {
        byte[] bytes = object(1000, 2);

        assertThat(readAll(object(recorded, 1000, 100, 100, 1, 40), 9)).isEqualTo(bytes);

        assertThat(recorded.calls()).hasSize(10);
        assertThat(traffic.receivedBytes()).isEqualTo(1000);
    }

    @Test
    void readsAnywhereWhateverIsHeld() throws IOException {
        byte[] bytes = object(5000, 3);
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int each = 1 + random.nextInt(700);
            try (WindowedObject object =
                    object(memory, 5000, 1 + random.nextInt(each), each, 1 + random.nextInt(4), random.nextInt(each))) {
                for (int i = 0; i < 30; i++) {
                    int from = random.nextInt(5000);
                    int length = random.nextInt(5000 - from + 1);
                    byte[] read = new byte[length];
                    object.read(from, read, 0, length);
                    assertThat(read)
                            .as("seed %d, read %d", seed, i)
                            .isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
                }
            }
        }
    }

    @Test
    void aReplyThatBreaksOffGoesOnWhereItBroke() throws IOException {
        byte[] bytes = object(1000, 4);

        assertThat(readAll(object(new BreakingBucket(recorded, 300), 1000, 1000, 1000, 1, 0), 1000))
                .isEqualTo(bytes);

        assertThat(recorded.calls()).hasSize(4);
        assertThat(traffic.receivedBytes()).isEqualTo(1000);
    }

    @Test
    void aReplyThatBreaksAgainAndAgainIsGivenUp() {
        object(1000, 5);
        WindowedObject object = object(new BreakingBucket(recorded, 0), 1000, 1000, 1000, 1, 0);

        assertThatThrownBy(() -> readAll(object, 1000)).isInstanceOf(BucketException.Unavailable.class);
        assertThat(recorded.calls().size()).isBetween(2, 20);
    }

    @Test
    void anObjectThatChangesUnderneathIsNoDamage() throws IOException {
        object(1000, 6);
        WindowedObject object = object(memory, 1000, 100, 100, 1, 0);
        object.read(0, new byte[10], 0, 10);
        object(1000, 7);

        assertThatThrownBy(() -> object.read(500, new byte[10], 0, 10))
                .isInstanceOf(StalePlanException.class)
                .hasMessageContaining(KEY);
    }

    @Test
    void anObjectOfAnotherSizeThanItsBlockSaysIsDamaged() {
        object(1000, 8);

        assertThatThrownBy(() -> readAll(object(memory, 999, 999, 999, 1, 0), 100))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("1000");
        assertThatThrownBy(() -> readAll(object(memory, 1L << 40, 100, 100, 1, 0), 100))
                .isInstanceOf(CorruptFormatException.class);
    }

    @Test
    void whatIsReadOverAndOverEnds() {
        object(10 << 20, 9);
        WindowedObject object = object(memory, 10 << 20, 1 << 20, 1 << 20, 1, 0);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        object.read((long) (i % 2) * (9 << 20), new byte[1], 0, 1);
                    }
                })
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("over and over");
        assertThat(traffic.receivedBytes()).isLessThan(200 << 20);
    }

    private byte[] object(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        memory.set(KEY, bytes);
        return bytes;
    }

    private WindowedObject object(Bucket bucket, long size, int first, int each, int held, int ahead) {
        ObjectRanges ranges = new ObjectRanges(bucket, KEY, size, traffic);
        return new WindowedObject(ranges, new Windows(size, first, each), held, readAhead, ahead);
    }

    private static byte[] readAll(WindowedObject object, int step) throws IOException {
        byte[] read = new byte[(int) Math.min(object.size(), 1 << 20)];
        for (int at = 0; at < read.length; at += step) {
            object.read(at, read, at, Math.min(step, read.length - at));
        }
        return read;
    }
}
