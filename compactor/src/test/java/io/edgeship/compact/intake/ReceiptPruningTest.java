package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketSync;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Receipts go once nobody can ask for them any more, and not before.
class ReceiptPruningTest {
    private static final Duration OLD = InboxFolder.ORPHANS.plusDays(1);
    private static final Duration NOW = Duration.ZERO;

    private final InboxFolder inbox = new InboxFolder();

    @Test
    void anOldReceiptThatItsSiteNoLongerWaitsForIsRemoved() throws Exception {
        receipt("a", "cafe", A, OLD);
        receipt("a", "cafe", B, OLD);
        receipt("a", "cafe", C, InboxFolder.ORPHANS.minusDays(1));
        receipt("a", "beef", A, OLD);
        heartbeat(BucketFolder.heartbeat("a", B).setBacklogItems(1), NOW);
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());

        inbox.run(bucket);

        assertThat(receipts())
                .as("waited for, young, and of a spool that says nothing")
                .containsExactly(key("a", "beef", A), key("a", "cafe", B), key("a", "cafe", C));
        assertThat(bucket.calls())
                .containsOnlyOnce("list ")
                .filteredOn(call -> call.startsWith("get "))
                .as("no receipt is read")
                .hasSize(1);
    }

    @Test
    void nothingGoesWhileAHeartbeatIsNotUnderstoodOrCutOffOrOlderThanTheReceipt() throws Exception {
        receipt("a", "cafe", A, OLD);
        inbox.folder.put(BucketLayout.heartbeatKey("a", "cafe"), "damaged", NOW);
        stays();
        heartbeat(BucketFolder.heartbeat("a").setVersion(99), NOW);
        stays();
        heartbeat(BucketFolder.heartbeat("a").setBacklogItems(1), NOW);
        stays();
        heartbeat(BucketFolder.heartbeat("a"), OLD);
        stays();
        heartbeat(BucketFolder.heartbeat("a"), OLD.minusHours(23));
        stays();
        heartbeat(BucketFolder.heartbeat("b"), NOW);
        stays();

        heartbeat(BucketFolder.heartbeat("a"), OLD.minusHours(25));
        inbox.run();
        assertThat(receipts()).isEmpty();
    }

    @Test
    void aReceiptStaysAsLongAsItsItemHasAFolder() throws Exception {
        TestItem item = TestItem.random(A, new Random(9), 300);
        inbox.folder.put(item.prefix() + item.pieces.getFirst(), item.bytes(item.pieces.getFirst()), NOW);
        receipt("a", "cafe", A, OLD);
        heartbeat(BucketFolder.heartbeat("a"), NOW);
        stays();
    }

    @Test
    void nothingGoesWhileClocksAreInDoubt() throws Exception {
        receipt("a", "cafe", A, OLD);
        heartbeat(BucketFolder.heartbeat("a"), NOW);
        Bucket bucket = inbox.folder.open();
        InboxListing listing = new InboxListing();
        var view = new BucketSync(bucket).sync(listing::listed);

        new Intake(bucket, InboxFolder.config(), bucket::clock).run(listing, view, false);

        assertThat(receipts()).hasSize(1);
    }

    /// The oldest go first, a bounded number in a cycle; one spool that must keep its own stops no other.
    @Test
    void manyGoInTheCourseOfAFewCycles() throws Exception {
        int kept = OldReceipts.OF_SPOOL_MAX + 10;
        for (int i = 0; i < kept; i++) {
            receipt("a", "cafe", new BlockId(A.high(), i), OLD.plusDays(1));
            receipt("b", "cafe", new BlockId(A.high(), i), OLD.plusMinutes(i));
        }
        heartbeat(BucketFolder.heartbeat("a").setBacklogItems(1), NOW);
        heartbeat(BucketFolder.heartbeat("b"), NOW);

        inbox.run();

        assertThat(receipts()).hasSize(kept + 10).contains(key("b", "cafe", new BlockId(A.high(), 0)));
        inbox.run();
        assertThat(receipts()).hasSize(kept);
    }

    @Test
    void aStoreThatFailsCostsNothingButTime() throws Exception {
        receipt("a", "cafe", A, OLD);
        heartbeat(BucketFolder.heartbeat("a"), NOW);
        Bucket bucket = FailingBucket.when(
                inbox.folder.open(),
                call -> call.startsWith("deleteAll"),
                FailingBucket.Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));

        assertThat(inbox.run(bucket).failures()).isZero();

        assertThat(receipts()).hasSize(1);
        inbox.run();
        assertThat(receipts()).isEmpty();
    }

    private void stays() throws Exception {
        inbox.run();
        assertThat(receipts()).hasSize(1);
    }

    private void receipt(String site, String incarnation, BlockId id, Duration age) throws Exception {
        inbox.folder.put(key(site, incarnation, id), "whatever it says", age);
    }

    private static String key(String site, String incarnation, BlockId id) {
        return BucketLayout.receiptKey(site, incarnation, id);
    }

    private void heartbeat(Heartbeat.Builder heartbeat, Duration age) throws Exception {
        inbox.folder.heartbeat(heartbeat.build(), age);
    }

    private List<String> receipts() {
        return inbox.folder.keys().stream()
                .filter(key -> key.contains("/receipts/"))
                .toList();
    }
}
