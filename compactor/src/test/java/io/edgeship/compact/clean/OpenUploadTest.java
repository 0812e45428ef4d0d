package io.edgeship.compact.clean;

import static io.edgeship.fleet.BucketFolder.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads whose largest object is on its way in parts.
class OpenUploadTest {
    private static final Duration PARTIAL = Duration.ofDays(2);
    private static final Duration DELETE = Duration.ofDays(3);
    private static final Duration LONG_AGO = Duration.ofDays(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void folder() {
        folder = new BucketFolder(dir.resolve("bucket"));
    }

    @Test
    void anOpenMultipartUploadOfTheLastWeekKeepsAnUpload() throws Exception {
        folder.data(A, LONG_AGO);
        Bucket bucket = folder.open();
        bucket.createUpload(A + "/chunks/000002");
        Instant begun = bucket.listUploads(A + "/").stream()
                .map(OpenUpload::initiated)
                .findFirst()
                .orElseThrow();

        assertThat(cleaner(bucket)
                        .clean(view(), begun.plus(Removal.OPEN_UPLOAD_MAX).minusSeconds(1)))
                .isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(cleaner(bucket)
                        .clean(view(), begun.plus(Removal.OPEN_UPLOAD_MAX))
                        .uploads())
                .containsExactly(A);
    }

    @Test
    void credentialsThatMayNotListUploadsLeaveItAtTheRuleOfThanos() throws Exception {
        folder.data(A, LONG_AGO);
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.startsWith("listUploads "),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));

        assertThat(cleaner(bucket).clean(view(), Instant.now()).uploads()).containsExactly(A);
    }

    private BucketView view() throws IOException {
        return new BucketSync(folder.open()).sync();
    }

    private static Cleaner cleaner(Bucket bucket) {
        return new Cleaner(bucket, PARTIAL, DELETE);
    }
}
