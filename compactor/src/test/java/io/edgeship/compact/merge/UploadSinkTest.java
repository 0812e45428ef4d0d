package io.edgeship.compact.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.plan.MergeMemory;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadSinkTest {
    private static final String KEY = "block/index";
    private static final int PART = MergeMemory.partBytes(false);

    private final MemoryBucket memory = new MemoryBucket();
    private final RecordingBucket recorded = new RecordingBucket(memory);
    private final Sender sender = new Sender(PART);
    private final Traffic traffic = new Traffic();

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void aFileBelowAPartIsOnePut() throws IOException {
        for (int size : new int[] {0, 1, PartBuffer.PIECE_BYTES, PartBuffer.PIECE_BYTES + 1, PART}) {
            recorded.clear();
            byte[] bytes = bytes(size);

            UploadSink sink = write(recorded, bytes, 50_000);
            sink.finish();
            sink.close();

            assertThat(recorded.calls()).as("%d bytes", size).containsExactly("put " + KEY);
            assertThat(memory.bytes(KEY)).isEqualTo(bytes);
            assertThat(memory.confirm(KEY, sink.stored())).isEqualTo(Confirmation.MATCHES);
        }
    }

    @Test
    void aLongerFileGoesInParts() throws IOException {
        byte[] bytes = bytes(2 * PART + 12_345);

        UploadSink sink = write(recorded, bytes, 70_001);
        assertThat(memory.bytes(KEY)).as("before it is finished").isNull();
        sink.finish();

        assertThat(memory.bytes(KEY)).isEqualTo(bytes);
        assertThat(recorded.keysOf("uploadPart")).hasSize(3);
        assertThat(memory.confirm(KEY, sink.stored())).isEqualTo(Confirmation.MATCHES);
        assertThat(traffic.sentBytes()).isEqualTo(bytes.length);
        assertThat(memory.listUploads("")).isEmpty();
    }

    @Test
    void whatIsNotFinishedLeavesNothing() throws IOException {
        write(recorded, bytes(PART + 1), 70_001).close();
        write(recorded, bytes(5), 5).close();

        assertThat(memory.keys("")).isEmpty();
        assertThat(memory.listUploads("")).isEmpty();
    }

    @Test
    void anErrorOfAPartIsThrownAndNothingAppears() throws IOException {
        byte[] bytes = bytes(3 * PART);
        for (int call = 1; call <= 5; call++) {
            FailingBucket failing = FailingBucket.onCall(memory, call, FailingBucket.Moment.BEFORE);
            UploadSink sink = new UploadSink(failing, KEY, sender, traffic);

            assertThatThrownBy(() -> {
                        write(sink, bytes, 1 << 20);
                        sink.finish();
                    })
                    .as("call %d fails", call)
                    .isInstanceOf(BucketException.Unavailable.class);
            sink.close();

            assertThat(memory.keys("")).as("call %d failed", call).isEmpty();
            assertThat(memory.listUploads("")).as("call %d failed", call).isEmpty();
        }
        UploadSink sink = write(memory, bytes, 1 << 20);
        sink.finish();
        assertThat(memory.bytes(KEY)).isEqualTo(bytes);
    }

    @Test
    void manyFilesAreWrittenSideBySide() throws IOException {
        byte[] one = bytes(PART + 5);
        byte[] two = bytes(2 * PART);
        UploadSink first = new UploadSink(memory, "a", sender, traffic);
        UploadSink second = new UploadSink(memory, "b", sender, traffic);
        for (int at = 0; at < two.length; at += 100_000) {
            second.write(two, at, Math.min(100_000, two.length - at));
            if (at < one.length) {
                first.write(one, at, Math.min(100_000, one.length - at));
            }
        }
        first.finish();
        second.finish();

        assertThat(memory.bytes("a")).isEqualTo(one);
        assertThat(memory.bytes("b")).isEqualTo(two);
    }

    private UploadSink write(Bucket bucket, byte[] bytes, int step) throws IOException {
        UploadSink sink = new UploadSink(bucket, KEY, sender, traffic);
        write(sink, bytes, step);
        return sink;
    }

    private static void write(UploadSink sink, byte[] bytes, int step) throws IOException {
        for (int at = 0; at < bytes.length; at += step) {
            sink.write(bytes, at, Math.min(step, bytes.length - at));
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
