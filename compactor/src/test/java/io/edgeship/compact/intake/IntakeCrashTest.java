package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kills at every call to the store, before and after it took effect: the next process finishes, the block arrives
/// once.
class IntakeCrashTest {
    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final TestItem small = TestItem.random(A, new Random(4), 900);

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
    }

    /// What a killed process leaves: no call after the fatal one, clean-up included.
    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhereverItWasKilled(Moment moment) throws Exception {
        int calls = callsOf(small);
        for (int call = 1; call <= calls; call++) {
            String when = "killed %s call %d".formatted(moment, call);
            inbox.folder.clear();
            small.put(inbox.folder);
            killed(FailingBucket.fromCall(inbox.folder.open(), call, moment));
            visibleOnlyWhole(small, when);

            inbox.run();

            inbox.holdsBlockOf(small, when);
            done(small, when);
        }
        assertThat(calls).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhicheverCallFailed(Moment moment) throws Exception {
        int calls = callsOf(small);
        for (int call = 1; call <= calls; call++) {
            String when = "failed %s call %d".formatted(moment, call);
            inbox.folder.clear();
            small.put(inbox.folder);
            killed(FailingBucket.onCall(inbox.folder.open(), call, moment));
            visibleOnlyWhole(small, when);

            inbox.run();

            inbox.holdsBlockOf(small, when);
            done(small, when);
        }
    }

    /// With files in parts: uploads that a kill left open are gone in the end.
    @ParameterizedTest
    @EnumSource
    void leavesNoUploadOpen(Moment moment) throws Exception {
        Random random = new Random(5);
        Map<String, byte[]> data = new LinkedHashMap<>();
        data.put("chunks/000001", new byte[InboxFolder.PART_BYTES + 1]);
        data.put("index", new byte[10]);
        TestItem large = TestItem.of(B, data, TestItem.sealed(B, data).toJson(), random, PieceName.LENGTH_MAX);
        for (String method : List.of(
                "createUpload", "uploadPart", "completeUpload", "confirm", "putIfAbsent", "listUploads", "delete")) {
            String when = "killed %s %s".formatted(moment, method);
            inbox.folder.clear();
            large.put(inbox.folder);
            AtomicBoolean dead = new AtomicBoolean();
            killed(FailingBucket.when(
                    inbox.folder.open(),
                    call -> {
                        dead.compareAndSet(false, call.startsWith(method + " "));
                        return dead.get();
                    },
                    moment,
                    call -> new BucketException.Unavailable(call + ": the test cut the link", null)));
            assertThat(dead).as(when).isTrue();

            inbox.run();

            done(large, when);
        }
    }

    /// A rejection that was cut short is finished, and not judged anew.
    @ParameterizedTest
    @EnumSource
    void aRejectionIsFinishedToo(Moment moment) throws Exception {
        for (int call = 1; call <= 12; call++) {
            String when = "killed %s call %d".formatted(moment, call);
            inbox.folder.clear();
            small.putPieces(inbox.folder, Duration.ZERO)
                    .putManifest(inbox.folder, small.manifest().setSite("b"));
            killed(FailingBucket.fromCall(inbox.folder.open(), call, moment));

            inbox.run();

            assertThat(inbox.receipt(small).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_REJECTED);
            assertThat(inbox.inbox()).as(when).noneMatch(key -> key.endsWith("manifest.pb"));
            assertThat(inbox.folder.keysOf(A)).as(when).isEmpty();
        }
    }

    /// Pieces behind a receipt `accepted` may be half removed: whatever is left, it is never asked for again.
    @Test
    void neverAsksForPiecesOfWhatWasAccepted() throws Exception {
        int calls = callsOf(small);
        for (int call = 1; call <= calls; call++) {
            String when = "manifest comes again after a kill at call " + call;
            inbox.folder.clear();
            small.put(inbox.folder);
            killed(FailingBucket.fromCall(inbox.folder.open(), call, Moment.AFTER));
            if (inbox.receipt(small).getVerdict() != Verdict.VERDICT_ACCEPTED) {
                continue;
            }
            for (int attempt = 1; attempt <= 2; attempt++) {
                small.putManifest(inbox.folder, small.manifest().setAttempt(attempt));

                inbox.run();

                assertThat(inbox.receipt(small).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_ACCEPTED);
                assertThat(inbox.receipt(small).getAttempt()).as(when).isEqualTo(attempt);
                done(small, when);
            }
        }
    }

    private int callsOf(TestItem item) throws IOException {
        inbox.folder.clear();
        item.put(inbox.folder);
        FailingBucket counting = FailingBucket.fromCall(inbox.folder.open(), Integer.MAX_VALUE, Moment.BEFORE);
        inbox.run(counting);
        return counting.calls();
    }

    private void killed(Bucket bucket) {
        try {
            assertThat(inbox.run(bucket).failures()).isLessThanOrEqualTo(1);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("the test cut the link");
        }
    }

    /// I1.
    private void visibleOnlyWhole(TestItem item, String when) throws IOException {
        if (inbox.folder.keysOf(item.id).contains("meta.json")) {
            inbox.holdsBlockOf(item, when);
        } else {
            assertThat(inbox.receipt(item).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
        }
    }

    private void done(TestItem item, String when) throws IOException {
        assertThat(inbox.receipt(item).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_ACCEPTED);
        assertThat(inbox.folder.keysOf(item.id)).as(when).contains("meta.json");
        assertThat(inbox.inbox()).as(when).isEmpty();
        inbox.holdsNothingUnfinished(when);
    }
}
