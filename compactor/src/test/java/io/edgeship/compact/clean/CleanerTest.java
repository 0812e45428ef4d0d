package io.edgeship.compact.clean;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CleanerTest {
    private static final Duration PARTIAL = Duration.ofDays(2);
    private static final Duration DELETE = Duration.ofDays(3);
    private static final Duration LONG_AGO = Duration.ofDays(30);
    private static final Instant WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void folder() {
        folder = new BucketFolder(dir.resolve("bucket"));
    }

    /// Milliseconds from the threshold.
    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void anUploadIsAbandonedOnceItsNewestObjectIsOlderThanTheDelay(long millis, boolean removed) throws Exception {
        folder.data(A, LONG_AGO);
        Files.setLastModifiedTime(folder.root().resolve(A + "/index"), FileTime.from(WRITTEN));

        Cleaner.Cleaned cleaned = clean(WRITTEN.plus(PARTIAL).plusMillis(millis));

        assertThat(cleaned.uploads().contains(A)).isEqualTo(removed);
        assertThat(folder.keysOf(A).isEmpty()).isEqualTo(removed);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void aMarkedBlockGoesOnceItsMarkIsOlderThanTheDelay(long millis, boolean removed) throws Exception {
        folder.block(A, LONG_AGO).put(A + "/deletion-mark.json", BucketFolder.mark(A, WRITTEN), Duration.ZERO);

        Cleaner.Cleaned cleaned = clean(WRITTEN.plus(DELETE).plusMillis(millis));

        assertThat(cleaned.marked().contains(A)).isEqualTo(removed);
        assertThat(folder.keysOf(A).isEmpty()).isEqualTo(removed);
    }

    /// As Thanos' `block.Delete`: whoever looks meanwhile sees no block, and the mark says why.
    @Test
    void metaGoesFirstAndTheMarkLast() throws Exception {
        folder.block(A, LONG_AGO).mark(A, LONG_AGO).put(A + "/no-compact-mark.json", "{}", LONG_AGO);
        RecordingBucket bucket = new RecordingBucket(folder.open());
        BucketView view = view();

        cleaner(bucket).clean(view, Instant.now());

        assertThat(bucket.calls())
                .containsExactly(
                        "list " + A + "/",
                        "delete " + A + "/meta.json",
                        "deleteAll " + A + "/chunks/000001 " + A + "/index " + A + "/no-compact-mark.json",
                        "delete " + A + "/deletion-mark.json",
                        "listUploads ");
    }

    /// A crash between two deletions, or a lost reply: what is left still says what it is, and goes in the end.
    @ParameterizedTest
    @EnumSource
    void whatACrashLeavesHalfDeletedIsFinishedLater(Moment moment) throws Exception {
        for (int call = 2; call <= 4; call++) {
            folder.clear();
            folder.block(A, LONG_AGO).mark(A, LONG_AGO);

            Cleaner.Cleaned cut =
                    cleaner(FailingBucket.fromCall(folder.open(), call, moment)).clean(view(), Instant.now());

            assertThat(cut.failures()).isEqualTo(1);
            if (!folder.keysOf(A).isEmpty()) {
                assertThat(folder.keysOf(A)).contains("deletion-mark.json");
            }
            cleaner(folder.open()).clean(view(), Instant.now());
            assertThat(folder.keys()).as("cut %s call %d", moment, call).isEmpty();
        }
    }

    /// A kill fell into a removal. An upload of that age would still be waited for.
    @Test
    void aRemovalThatWasCutShortGoesOnOnceItsMarkIsOldUnlessSomethingWasAddedSince() throws Exception {
        Duration due = Duration.ofHours(2);
        Cleaner soon = new Cleaner(folder.open(), PARTIAL, Duration.ofHours(1));
        folder.data(A, LONG_AGO).mark(A, due);
        folder.data(B, LONG_AGO).mark(B, due).put(B + "/index", "sent anew", Duration.ofMinutes(90));
        folder.data(C, LONG_AGO).mark(C, Duration.ofMinutes(50));

        Cleaner.Cleaned cleaned = soon.clean(view(), Instant.now());

        assertThat(cleaned.uploads()).containsExactly(A);
        assertThat(folder.keysOf(A)).isEmpty();
        assertThat(folder.keysOf(B)).isNotEmpty();
        assertThat(folder.keysOf(C)).isNotEmpty();
    }

    @Test
    void aTornMetaGoesWithItsBlockAndOneThatSomebodyMayUnderstandStays() throws Exception {
        folder.block(A, "{\"ulid\":", LONG_AGO)
                .block(B, BucketFolder.meta(B, 0, 1, "a").replace("\"version\":1", "\"version\":2"), LONG_AGO);

        clean(Instant.now());

        assertThat(folder.keysOf(A)).isEmpty();
        assertThat(folder.keysOf(B)).hasSize(3);
    }

    @Test
    void anUploadThatASiteStillOwesStays() throws Exception {
        folder.data(A, LONG_AGO)
                .data(B, LONG_AGO)
                .heartbeat(BucketFolder.heartbeat("a", A).build(), LONG_AGO);

        assertThat(clean(Instant.now()).uploads()).containsExactly(B);
        assertThat(folder.keysOf(A)).hasSize(2);
    }

    /// What an inbox item is still awaiting its receipt for is owed as well: intake was killed half-way.
    @Test
    void whatIntakeLeftHalfDoneStaysWhileItsSiteAwaitsTheReceipt() throws Exception {
        folder.data(A, LONG_AGO)
                .heartbeat(
                        BucketFolder.heartbeat("a", A)
                                .setBacklogItems(1)
                                .setAwaitingReceipt(1)
                                .build(),
                        LONG_AGO);

        assertThat(clean(Instant.now())).isEqualTo(Cleaner.Cleaned.NOTHING);
    }

    @Test
    void whileAHeartbeatIsNotUnderstoodUploadsAreKeptForNinetyDays() throws Exception {
        folder.data(A, LONG_AGO)
                .data(B, Cleaner.DEBTS_UNKNOWN_DELAY.plusMinutes(1))
                .heartbeat(BucketFolder.heartbeat("a").setVersion(2).build(), LONG_AGO);

        assertThat(clean(Instant.now()).uploads()).containsExactly(B);
    }

    @Test
    void anUploadThatWentOnSinceTheListingStays() throws Exception {
        folder.data(A, LONG_AGO).data(B, LONG_AGO);
        BucketView view = view();
        folder.open().put(A + "/chunks/000002", body("fresh"));
        folder.put(B + "/meta.json", BucketFolder.meta(B, 0, 1, "a"), LONG_AGO); // old by a clock set back

        Cleaner.Cleaned cleaned = cleaner(folder.open()).clean(view, Instant.now());

        assertThat(cleaned).isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(folder.keysOf(A)).hasSize(3);
        assertThat(folder.keysOf(B)).hasSize(3);
    }

    /// A store whose listing lags behind: the commit shows only where it is asked for by name.
    @Test
    void aCommitThatTheListingDoesNotShowYetIsFoundByName() throws Exception {
        folder.data(A, LONG_AGO);
        BucketView view = view();
        Bucket committing = FailingBucket.when(
                folder.open(),
                call -> {
                    if (call.startsWith("head ")) {
                        put(A + "/meta.json", BucketFolder.meta(A, 0, 1, "a"));
                    }
                    return false;
                },
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));

        assertThat(cleaner(committing).clean(view, Instant.now())).isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(folder.keysOf(A)).hasSize(3);
    }

    @Test
    void aMetaThatWasMendedSinceTheListingSavesItsBlock() throws Exception {
        folder.block(A, "{", LONG_AGO);
        BucketView view = view();
        folder.put(A + "/meta.json", BucketFolder.meta(A, 0, 1, "a"), LONG_AGO);

        assertThat(cleaner(folder.open()).clean(view, Instant.now())).isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(folder.keysOf(A)).hasSize(3);
    }

    @Test
    void aMarkThatWasTakenBackOrSetAnewSavesItsBlock() throws Exception {
        folder.block(A, LONG_AGO).mark(A, LONG_AGO).block(B, LONG_AGO).mark(B, LONG_AGO);
        BucketView view = view();
        Files.delete(folder.root().resolve(A + "/deletion-mark.json"));
        folder.mark(B, Duration.ZERO);

        assertThat(cleaner(folder.open()).clean(view, Instant.now())).isEqualTo(Cleaner.Cleaned.NOTHING);
        assertThat(folder.keysOf(A)).hasSize(3);
        assertThat(folder.keysOf(B)).hasSize(4);
    }

    @Test
    void aStoreThatIsDownIsNotAskedForEver() throws Exception {
        for (int i = 0; i < 20; i++) {
            folder.data(new BlockId(A.high(), i), LONG_AGO);
        }
        RecordingBucket bucket = new RecordingBucket(FailingBucket.fromCall(folder.open(), 1, Moment.BEFORE));

        Cleaner.Cleaned cleaned = cleaner(bucket).clean(view(), Instant.now());

        assertThat(cleaned.failures()).isEqualTo(20);
        assertThat(bucket.calls()).hasSize(Cleaner.UNAVAILABLE_MAX);
    }

    @Test
    void aStoreThatIsOverloadedIsNotAskedForEver() throws Exception {
        for (int i = 0; i < 20; i++) {
            folder.data(new BlockId(A.high(), i), LONG_AGO);
        }
        RecordingBucket bucket = new RecordingBucket(FailingBucket.when(
                folder.open(), _ -> true, Moment.BEFORE, call -> new BucketException.Throttled(call, null)));

        assertThat(cleaner(bucket).clean(view(), Instant.now()).failures()).isEqualTo(20);
        assertThat(bucket.calls()).hasSize(Cleaner.UNAVAILABLE_MAX);
    }

    @Test
    void touchesNothingOutsideOfBlocks() throws Exception {
        String lowerCase = A.toString().toLowerCase(Locale.ROOT);
        List<String> others = List.of(
                "debug/metas/" + A + ".json",
                "edgeship/fleet/probe",
                "edgeship/sites/a/cafe/losses/" + A + ".pb",
                "index/2026/tenant/x.tsdb.gz",
                lowerCase + "/index",
                A + "-copy/index",
                A.toString().substring(1) + "/index");
        for (String other : others) {
            folder.put(other, "x", LONG_AGO);
        }

        clean(Instant.now());

        assertThat(folder.keys()).containsExactlyInAnyOrderElementsOf(others);
    }

    private void put(String key, String text) {
        try {
            folder.put(key, text, LONG_AGO);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private BucketView view() throws IOException {
        return new BucketSync(folder.open()).sync();
    }

    private Cleaner.Cleaned clean(Instant now) throws IOException {
        return cleaner(folder.open()).clean(view(), now);
    }

    private static Cleaner cleaner(Bucket bucket) {
        return new Cleaner(bucket, PARTIAL, DELETE);
    }
}
