package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.RecordingBucket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Duration NOW = Duration.ZERO;

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final Random random = new Random(1);

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
    }

    @Test
    void anItemBecomesABlockAndIsAnsweredAndRemoved() throws Exception {
        TestItem item = item(A).put(inbox.folder);

        IntakeResult result = inbox.run();

        inbox.holdsBlockOf(item, "at once");
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_ACCEPTED);
        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(1);
        assertThat(inbox.inbox()).isEmpty();
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.waiting()).isZero();
        assertThat(result.blocks()).singleElement().satisfies(block -> {
            assertThat(block.meta().id()).isEqualTo(A);
            assertThat(block.isComplete()).isTrue();
        });
    }

    /// `reduce.resolution: 5m` and `spool.on_full: thin` send such.
    @Test
    void aBlockOfFiveMinuteWindowsIsTakenInToo() throws Exception {
        Map<String, byte[]> data = Map.of("chunks/000001", new byte[] {1}, "index", new byte[] {2});
        String raw = new String(TestItem.sealed(A, new TreeMap<>(data)).toJson(), StandardCharsets.UTF_8);
        byte[] json = raw.replace("\"resolution\": 0", "\"resolution\": 300000").getBytes(StandardCharsets.UTF_8);
        assertThat(json).isNotEqualTo(raw.getBytes(StandardCharsets.UTF_8));
        TestItem item = TestItem.of(A, new TreeMap<>(data), json, random, PieceName.LENGTH_MAX)
                .put(inbox.folder);

        assertThat(inbox.run().accepted()).isEqualTo(1);

        inbox.holdsBlockOf(item, "5m");
    }

    /// A file of more than two parts, one of exactly a part, and one of none: in 8 MiB of memory for parts.
    @Test
    void largeFilesGoInPartsAndSmallOnesWhole() throws Exception {
        Map<String, byte[]> data = new LinkedHashMap<>();
        for (int bytes : List.of(20 << 20, Intake.PART_BYTES)) {
            byte[] segment = new byte[bytes];
            random.nextBytes(segment);
            data.put("chunks/%06d".formatted(data.size() + 1), segment);
        }
        data.put("index", new byte[0]);
        TestItem item = TestItem.of(A, data, TestItem.sealed(A, data).toJson(), random, PieceName.LENGTH_MAX)
                .put(inbox.folder);
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());

        inbox.run(new Intake(bucket, InboxFolder.config(), bucket::clock), bucket);

        inbox.holdsBlockOf(item, "in parts");
        assertThat(bucket.keysOf("uploadPart")).hasSize(3);
        assertThat(bucket.keysOf("put")).containsExactly(A + "/chunks/000002", A + "/index", item.receiptKey());
    }

    /// I1: what readers see comes last, once everything else was compared; the answer after that, removal at the end.
    @Test
    void metaComesAfterEveryFileWasConfirmedAndTheReceiptBeforeAnythingIsRemoved() throws Exception {
        item(A).put(inbox.folder);
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());

        inbox.run(bucket);

        List<String> calls = bucket.calls();
        int meta = calls.indexOf("putIfAbsent " + A + "/meta.json");
        for (String file : List.of("chunks/000001", "chunks/000002", "index")) {
            assertThat(calls.indexOf("confirm " + A + "/" + file)).isBetween(0, meta - 1);
        }
        int receipt = calls.indexOf("put " + BucketLayout.receiptKey("a", "cafe", A));
        assertThat(receipt).isGreaterThan(meta);
        assertThat(calls.subList(0, receipt)).noneMatch(call -> call.startsWith("delete"));
        assertThat(calls.get(receipt + 1))
                .as("the manifest goes first")
                .isEqualTo("delete " + BucketLayout.manifestKey("a", "cafe", A));
    }

    @Test
    void aStoreWithoutConditionalWritesCommitsToo() throws Exception {
        TestItem item = item(A).put(inbox.folder);
        Bucket bucket = FailingBucket.when(
                inbox.folder.open(),
                call -> call.startsWith("putIfAbsent"),
                Moment.BEFORE,
                call -> new BucketException.Unsupported(call, null));

        assertThat(inbox.run(bucket).accepted()).isEqualTo(1);

        inbox.holdsBlockOf(item, "without conditions");
    }

    @Test
    void anItemThatWaitsCostsNoRequestButTheListing() throws Exception {
        TestItem without = item(A).putPieces(inbox.folder, NOW);
        TestItem lacking = item(B).put(inbox.folder);
        inbox.folder.delete(lacking.prefix() + lacking.pieces.getFirst());
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());
        Intake intake = new Intake(bucket, InboxFolder.config(), bucket::clock);
        inbox.run(intake, bucket);
        inbox.run(intake, bucket); // the receipt is new to it
        bucket.clear();

        IntakeResult result = inbox.run(intake, bucket);

        assertThat(bucket.calls()).containsExactly("list ");
        assertThat(result.waiting()).isEqualTo(2);
        assertThat(inbox.inbox()).hasSize(without.pieces.size() + lacking.pieces.size());
    }

    @Test
    void manyItemsWithoutAManifestAreListedOnceAndAskedForNever() throws Exception {
        for (int i = 0; i < 50; i++) {
            BlockId id = new BlockId(A.high(), i);
            PieceName piece = PieceName.of(0, new byte[1], 1);
            inbox.folder.put(BucketLayout.itemPrefix("a", "cafe", id) + piece, new byte[1], NOW);
        }
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());

        assertThat(inbox.run(bucket).waiting()).isEqualTo(50);

        assertThat(bucket.calls()).containsExactly("list ");
    }

    @Test
    void oneItemThatCannotBeReadStopsNoOther() throws Exception {
        TestItem bad = item(A).put(inbox.folder);
        TestItem good = item(B).put(inbox.folder);
        for (BucketException failure : List.of(
                new BucketException.AccessDenied("denied", null),
                new BucketException.Unavailable("bit rot", null),
                new BucketException.Refused("no", null))) {
            good.put(inbox.folder);
            Bucket bucket = FailingBucket.when(
                    inbox.folder.open(),
                    call -> call.equals("get " + bad.prefix() + bad.pieces.getFirst()),
                    Moment.BEFORE,
                    _ -> failure);

            IntakeResult result = inbox.run(bucket);

            assertThat(result.failures()).as("%s", failure).isEqualTo(1);
            inbox.holdsBlockOf(good, "beside " + failure);
        }
        assertThat(inbox.run().accepted()).isEqualTo(1);
        inbox.holdsBlockOf(bad, "once it can be read");
    }

    @Test
    void aStoreThatIsDownIsNotAskedForEver() throws Exception {
        for (int i = 0; i < 20; i++) {
            item(new BlockId(A.high(), i)).put(inbox.folder);
        }
        for (String kind : List.of("Unavailable", "Throttled")) {
            RecordingBucket bucket = new RecordingBucket(FailingBucket.when(
                    inbox.folder.open(),
                    call -> call.startsWith("get edgeship/inbox/"),
                    Moment.BEFORE,
                    call -> kind.equals("Throttled")
                            ? new BucketException.Throttled(call, null)
                            : new BucketException.Unavailable(call, null)));

            IntakeResult result = inbox.run(bucket);

            assertThat(result.failures()).isEqualTo(20);
            assertThat(bucket.keysOf("get")).as(kind).hasSize(IntakeRound.UNAVAILABLE_MAX);
        }
    }

    @Test
    void aLongBacklogOfOneSiteLetsOthersGoFirst() {
        InboxListing listing = new InboxListing();
        for (String site : List.of("a", "b")) {
            for (int i = 0; i < (site.equals("a") ? 5 : 1); i++) {
                String key = BucketLayout.itemPrefix(site, "cafe", new BlockId(1, i)) + "manifest.pb";
                listing.listed(new io.edgeship.bucket.ObjectInfo(key, 1, "x", Instant.EPOCH));
            }
        }

        assertThat(listing.items()).extracting(InboxItem::site).containsExactly("a", "b", "a", "a", "a", "a");
    }

    @Test
    void strangeNamesAreNamedAndLeftAlone() throws Exception {
        TestItem item = item(A).put(inbox.folder);
        List<String> strange = List.of(
                "edgeship/inbox/a/cafe/" + A + ".item/notes.txt",
                "edgeship/inbox/a/cafe/" + A + "/000000000000-0000001-00000000",
                "edgeship/inbox/a/" + B + ".item/manifest.pb",
                "edgeship/inbox/readme");
        for (String key : strange) {
            inbox.folder.put(key, "x", Duration.ofDays(1000));
        }

        assertThat(inbox.run().accepted()).isEqualTo(1);

        inbox.holdsBlockOf(item, "beside strangers");
        assertThat(inbox.inbox()).containsExactlyInAnyOrderElementsOf(strange);
    }

    /// By the store's clock, since the newest piece was written; and then looked at once more.
    @Test
    void piecesWithoutAManifestStayForTheOrphanDelay() throws Exception {
        item(A).putPieces(inbox.folder, InboxFolder.ORPHANS.minusMinutes(1));
        TestItem half = item(B).putPieces(inbox.folder, InboxFolder.ORPHANS.plusMinutes(1));
        inbox.folder.put(half.prefix() + half.pieces.getFirst(), half.bytes(half.pieces.getFirst()), NOW);
        item(C).putPieces(inbox.folder, InboxFolder.ORPHANS.plusMinutes(1));

        IntakeResult result = inbox.run();

        assertThat(result.orphans()).isEqualTo(1);
        assertThat(inbox.inbox())
                .anyMatch(key -> key.contains(A + ""))
                .anyMatch(key -> key.contains(B + ""))
                .noneMatch(key -> key.contains(C + ""));
        inbox.runAt(Instant.now().plus(InboxFolder.ORPHANS).plusSeconds(60));
        assertThat(inbox.inbox()).isEmpty();
    }

    @Test
    void aPieceOrManifestThatCameSinceTheListingSavesOldPieces() throws Exception {
        TestItem item = item(A).putPieces(inbox.folder, InboxFolder.ORPHANS.plusDays(1));
        InboxListing listing = new InboxListing();
        Bucket bucket = inbox.folder.open();
        var view = new io.edgeship.fleet.BucketSync(bucket).sync(listing::listed);
        item.putManifest(inbox.folder, item.manifest());

        IntakeResult result = new Intake(bucket, InboxFolder.config(), bucket::clock).run(listing, view, true);

        assertThat(result.orphans()).isZero();
        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void nothingIsTakenInWhereIntakeIsOffOrTheStoreTellsNoTime() throws Exception {
        item(A).put(inbox.folder);
        Bucket bucket = inbox.folder.open();
        IntakeConfig off = new IntakeConfig(false, InboxFolder.ORPHANS, 1 << 20, "site");

        assertThat(inbox.run(bucket, off)).isEqualTo(IntakeResult.NOTHING);
        Intake timeless = new Intake(bucket, InboxFolder.config(), io.edgeship.bucket.StoreClock::system);
        assertThat(inbox.run(timeless, bucket)).isEqualTo(IntakeResult.NOTHING);
        assertThat(inbox.folder.keysOf(A)).isEmpty();
    }

    @Test
    void theReceiptCarriesTheAttemptAndTheStoresTime() throws Exception {
        TestItem item = item(A).putPieces(inbox.folder, NOW);
        item.putManifest(inbox.folder, item.manifest().setAttempt(7));
        Instant now = Instant.parse("2026-11-01T00:00:00Z");

        inbox.runAt(now);

        Receipt receipt = inbox.receipt(item);
        assertThat(receipt.getAttempt()).isEqualTo(7);
        assertThat(receipt.getDecidedAtMs()).isBetween(now.toEpochMilli(), now.toEpochMilli() + 60_000);
        assertThat(new String(inbox.folder.read(A + "/meta.json"), UTF_8))
                .contains("\"upload_time\": \"2026-11-01T00:0");
    }

    private TestItem item(BlockId id) {
        return TestItem.random(id, random, 300);
    }
}
