package io.edgeship.compact;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CycleTest {
    private static final Duration OLD = Duration.ofHours(49);
    private static final Duration YOUNG = Duration.ofHours(47);

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
    void removesAnAbandonedUploadAndLeavesOneThatGoesOn() throws Exception {
        folder.block(A, OLD).data(B, OLD).put(B + "/index", "x", YOUNG).data(C, OLD);

        Cycle.Result result = cycle(folder.open()).run();

        assertThat(result.cleaned()).isEqualTo(new Cleaner.Cleaned(Set.of(C), Set.of(), 0));
        assertThat(folder.keysOf(A)).hasSize(3);
        assertThat(folder.keysOf(B)).hasSize(2);
        assertThat(folder.keysOf(C)).isEmpty();
    }

    @Test
    void publishesWhatIsThereOnceTheCycleHasCleaned() throws Exception {
        folder.block(A, OLD).block(B, OLD).mark(B, OLD).data(C, OLD);

        cycle(folder.open()).run();

        JsonObject index = index();
        assertThat(index.objects("blocks"))
                .singleElement()
                .satisfies(block -> assertThat(block.requiredText("ulid")).isEqualTo(A.toString()));
        assertThat(index.objects("partial")).isEmpty();
        assertThat(index.objects("sites").getFirst().integer("blocks", 0)).isEqualTo(1);
    }

    @Test
    void replacesAnOlderIndexThatCannotBeRead() throws Exception {
        folder.block(A, OLD).put(BucketLayout.BUCKET_INDEX, "no gzip at all", OLD);

        cycle(folder.open()).run();

        assertThat(index().objects("blocks")).hasSize(1);
    }

    @Test
    void aTimeBeyondAllClocksStopsNoCycle() throws Exception {
        String meta = BucketFolder.meta(A, 0, 7_200_000, "a");
        for (String time : List.of("+999999999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z")) {
            folder.block(A, meta.replace("\"source\"", "\"upload_time\":\"" + time + "\",\"source\""), OLD);
            folder.block(B, OLD).put(B + "/deletion-mark.json", BucketFolder.mark(B, Instant.MAX), OLD);

            assertThat(cycle(folder.open()).run().view().blocks()).as(time).hasSize(2);
        }
    }

    @Test
    void removesNothingWhileTheClocksOfStoreAndMachineAreApart() throws Exception {
        folder.data(A, OLD).block(B, OLD).mark(B, OLD);
        Bucket bucket = folder.open();
        for (Duration apart : List.of(ClocksAgree.APART_MAX.plusSeconds(1), Duration.ofDays(-300))) {
            Instant storeNow = Instant.now().plus(apart);

            Cycle.Result result = new Cycle(bucket, config(), () -> clockAt(storeNow)).run();

            assertThat(result.cleaned()).as("apart %s", apart).isEqualTo(Cleaner.Cleaned.NOTHING);
        }
        Instant near = Instant.now().plus(ClocksAgree.APART_MAX).minusSeconds(60);
        assertThat(new Cycle(bucket, config(), () -> clockAt(near))
                        .run()
                        .cleaned()
                        .removed())
                .containsExactlyInAnyOrder(A, B);
    }

    @Test
    void removesNothingWhereTheStoreDoesNotTellTheTime() throws Exception {
        folder.data(A, OLD);

        assertThat(new Cycle(folder.open(), config(), StoreClock::system).run().cleaned())
                .isEqualTo(Cleaner.Cleaned.NOTHING);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1"})
    void aBlockIsYoungUntilTheConsistencyDelayHasPassed(long millis, int young) throws Exception {
        Instant written = Instant.parse("2026-11-01T00:00:00Z");
        Duration delay = Duration.ofMinutes(30);
        String meta = BucketFolder.meta(A, 0, 1, "a");
        folder.block(A, meta.replace("\"source\"", "\"upload_time\":\"" + written + "\",\"source\""), OLD);
        folder.block(
                B,
                BucketFolder.meta(B, 0, 1, "a")
                        .replace("\"edgeship\"", "\"compactor\",\"upload_time\":\"" + written + "\""),
                OLD);
        BucketView view = new BucketSync(folder.open()).sync();

        assertThat(Cycle.young(view, written.plus(delay).plusMillis(millis).minusMillis(1), delay))
                .isEqualTo(young);
    }

    /// A cut link at whatever call: an error or a round that goes on, nothing that was not to go is gone, and the
    /// next round finishes.
    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhereverTheLinkWasCut(Moment moment) throws Exception {
        boolean failed = true;
        for (int call = 1; failed; call++) {
            fill();
            failed = fails(FailingBucket.fromCall(folder.open(), call, moment));
            nothingIsGoneThatWasNotToGo("link cut " + moment + " call " + call);
            cycle(folder.open()).run();
            allIsDone("link cut " + moment + " call " + call);
            assertThat(call).isLessThan(100);
        }
    }

    /// One call that fails alone: where that is a read of one block or its removal, the others go on.
    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhicheverCallFailed(Moment moment) throws Exception {
        fill();
        FailingBucket counting = FailingBucket.fromCall(folder.open(), Integer.MAX_VALUE, moment);
        cycle(counting).run();
        for (int call = 1; call <= counting.calls(); call++) {
            fill();
            fails(FailingBucket.onCall(folder.open(), call, moment));
            nothingIsGoneThatWasNotToGo("failed " + moment + " call " + call);
            cycle(folder.open()).run();
            allIsDone("failed " + moment + " call " + call);
        }
    }

    @Test
    void oneObjectThatCannotBeReadEndsNoCycle() throws Exception {
        folder.block(A, OLD).block(B, OLD).block(C, OLD).mark(C, OLD);
        for (String key : List.of(A + "/meta.json", B + "/meta.json", C + "/deletion-mark.json")) {
            for (BucketException failure : List.of(
                    new BucketException.AccessDenied("denied", null),
                    new BucketException.Unavailable("bit rot", null),
                    new BucketException.Refused("no", null),
                    new BucketException.NotFound("gone meanwhile", null))) {
                Bucket bucket = FailingBucket.when(
                        folder.open(), call -> call.equals("get " + key), Moment.BEFORE, _ -> failure);

                Cycle.Result result = cycle(bucket).run();

                assertThat(result.cleaned().removed()).as("%s %s", key, failure).isSubsetOf(C);
                assertThat(folder.keysOf(A)).hasSize(3);
                assertThat(folder.keysOf(B)).hasSize(3);
                folder.block(C, OLD).mark(C, OLD);
            }
        }
    }

    @Test
    void credentialsThatMayReadNothingEndTheCycle() throws Exception {
        folder.block(A, OLD).block(B, OLD);
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.startsWith("get "),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));

        assertThatThrownBy(() -> cycle(bucket).run()).isInstanceOf(BucketException.AccessDenied.class);
        assertThat(folder.keys()).doesNotContain(BucketLayout.BUCKET_INDEX);
    }

    @Test
    void aBlockThatCannotBeRemovedStopsNoOther() throws Exception {
        folder.data(A, OLD).data(B, OLD).block(C, OLD).mark(C, OLD);
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.startsWith("deleteAll " + A),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));

        Cleaner.Cleaned cleaned = cycle(bucket).run().cleaned();

        assertThat(cleaned).isEqualTo(new Cleaner.Cleaned(Set.of(B), Set.of(C), 1));
        assertThat(folder.keysOf(A)).hasSize(2);
    }

    @Test
    void twoCompactorsOnOneBucketRemoveTheSameAndNoMore() throws Exception {
        fill();
        Cycle other = cycle(folder.open());
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> {
                    if (call.startsWith("delete")) {
                        runAll(other); // the other one's whole cycle between each two of our deletions
                    }
                    return false;
                },
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));

        cycle(bucket).run();

        nothingIsGoneThatWasNotToGo("beside another compactor");
        allIsDone("beside another compactor");
    }

    private static void runAll(Cycle cycle) {
        try {
            cycle.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean fails(Bucket bucket) throws Exception {
        try {
            cycle(bucket).run();
            return false;
        } catch (BucketException e) {
            assertThat(e).hasMessageContaining("the test cut the link");
            return true;
        }
    }

    /// A sound block, one whose mark is old enough, and an abandoned upload.
    private void fill() throws IOException {
        folder.clear();
        folder.block(A, OLD)
                .block(B, OLD)
                .mark(B, OLD)
                .data(C, OLD)
                .heartbeat(BucketFolder.heartbeat("a").build(), OLD);
    }

    private void nothingIsGoneThatWasNotToGo(String when) throws IOException {
        assertThat(folder.keysOf(A)).as(when).containsExactly("chunks/000001", "index", "meta.json");
        assertThat(folder.keys()).as(when).contains("edgeship/sites/a/cafe/heartbeat.pb");
        if (!folder.keysOf(B).isEmpty()) {
            assertThat(folder.keysOf(B)).as(when).contains("deletion-mark.json");
        }
    }

    private void allIsDone(String when) throws IOException {
        assertThat(folder.keys())
                .as(when)
                .containsExactly(
                        A + "/chunks/000001",
                        A + "/index",
                        A + "/meta.json",
                        "edgeship/fleet/bucket-index.json.gz",
                        BucketLayout.foreignKey("e3b0c44298fc1c149afbf4c8996fb924"), // of no selector
                        "edgeship/sites/a/cafe/heartbeat.pb");
    }

    private JsonObject index() throws IOException {
        try (InputStream in = new GZIPInputStream(folder.open().get(BucketLayout.BUCKET_INDEX))) {
            return JsonObject.parse("index", in.readAllBytes());
        }
    }

    private static StoreClock clockAt(Instant now) {
        StoreClock clock = new StoreClock(InstantSource.system(), System::nanoTime);
        clock.saw(now);
        return clock;
    }

    private Cycle cycle(Bucket bucket) throws Exception {
        return new Cycle(bucket, config());
    }

    /// The blocks here hold nothing that could be compacted; what of them is removed is what these tests are about.
    private CompactorConfig config() throws Exception {
        String yaml = """
                roles: [intake, retain, clean, fleet]
                objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}
                """;
        return CompactorConfig.of(ConfigFile.parse("compactor.yaml", yaml, Map.of()), dir);
    }
}
