package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.MemoryBucket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreProbeTest {
    private static final Map<String, String> UNKNOWN =
            Map.of("conditional_put", "unknown", "batch_delete", "unknown", "checksums", "unknown");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @Test
    void saysWhatADirectoryCanDoWithoutWriting() throws Exception {
        RecordingBucket bucket = new RecordingBucket(new BucketFolder(dir).open());

        assertThat(StoreProbe.run(bucket).values()).hasSize(3).containsOnly("yes");
        assertThat(bucket.calls()).isEmpty();
    }

    @Test
    void triesOnKeysBelowTheFleetOnlyAndNoLinkStopsNothing() {
        RecordingBucket bucket = new RecordingBucket(new MemoryBucket());
        Bucket down = FailingBucket.when(
                bucket, _ -> true, Moment.BEFORE, call -> new BucketException.Unavailable(call, null));
        assertThat(StoreProbe.run(down)).isEqualTo(UNKNOWN);

        RecordingBucket asked = new RecordingBucket(down);
        StoreProbe.run(asked);
        assertThat(asked.calls()).isNotEmpty().allMatch(call -> call.contains(" edgeship/fleet/probe"));
    }

    @Test
    void aStoreThatMakesTheProbeThrowStopsNothing() {
        assertThat(StoreProbe.run(new MemoryBucket())).isEqualTo(UNKNOWN); // it throws at every write
    }
}
