package io.edgeship.compact.clean;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketMemory;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphanUploadsTest {
    private static final Duration DELAY = Duration.ofDays(2);
    private final Instant later = Instant.now().plus(Removal.OPEN_UPLOAD_MAX).plusSeconds(60);

    private final BucketMemory content = new BucketMemory();

    @Test
    void whatNobodyFinishedGoesUnderBlocksAndOurNamesOnly() throws Exception {
        content.block(A, Duration.ofDays(30));
        begin(A + "/chunks/000002", B + "/index", "edgeship/fleet/x", "index/day/tenant", "0/other");

        Cleaner.Cleaned cleaned = clean(content.open(), later);

        assertThat(cleaned.orphans()).isEqualTo(3);
        assertThat(open()).containsExactlyInAnyOrder("index/day/tenant", "0/other");
        assertThat(content.keysOf(A)).hasSize(3);
    }

    @Test
    void oneOfTheLastWeekStays() throws Exception {
        begin(A + "/index");

        assertThat(clean(content.open(), later.minusSeconds(3600))).isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(open()).hasSize(1);
    }

    @Test
    void oneOfABlockThatASiteOwesStays() throws Exception {
        content.heartbeat(BucketFolder.heartbeat("a", A).build(), Duration.ZERO);
        begin(A + "/index", B + "/index");

        assertThat(clean(content.open(), later).orphans()).isEqualTo(1);
        assertThat(open()).containsExactly(A + "/index");
    }

    @Test
    void whileAHeartbeatIsNotUnderstoodTheyStayForNinetyDays() throws Exception {
        content.heartbeat(BucketFolder.heartbeat("a").setVersion(2).build(), Duration.ZERO);
        begin(A + "/index");

        assertThat(clean(content.open(), later).orphans()).isZero();
        assertThat(clean(
                                content.open(),
                                Instant.now().plus(Cleaner.DEBTS_UNKNOWN_DELAY).plusSeconds(60))
                        .orphans())
                .isEqualTo(1);
    }

    @Test
    void aStoreThatDoesNotTellIsLeftToItsLifecycleRule() throws Exception {
        begin(A + "/index");
        Bucket denying = FailingBucket.when(
                content.open(),
                call -> call.startsWith("listUploads"),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));

        assertThat(clean(denying, later)).isEqualTo(Cleaner.Cleaned.NOTHING);
    }

    @Test
    void oneThatCannotBeDroppedIsTriedAgain() throws Exception {
        begin(A + "/index");
        Bucket cut = FailingBucket.when(
                content.open(),
                call -> call.startsWith("abortUpload"),
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));

        assertThat(clean(cut, later).failures()).isEqualTo(1);
        assertThat(clean(content.open(), later).orphans()).isEqualTo(1);
        assertThat(open()).isEmpty();
    }

    private void begin(String... keys) throws BucketException {
        for (String key : keys) {
            content.open().createUpload(key);
        }
    }

    private List<String> open() {
        return content.open().listUploads("").stream().map(OpenUpload::key).toList();
    }

    private Cleaner.Cleaned clean(Bucket bucket, Instant now) throws IOException {
        return new Cleaner(bucket, DELAY, DELAY).clean(new BucketSync(content.open()).sync(), now);
    }
}
