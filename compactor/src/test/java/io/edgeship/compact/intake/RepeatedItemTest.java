package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.fleet.BucketFolder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Items that come again, late, with holes, or to a place that is taken.
class RepeatedItemTest {
    private static final Duration NOW = Duration.ZERO;

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final Random random = new Random(3);

    @SuppressWarnings("NullAway.Init")
    private TestItem item;

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
        item = TestItem.random(A, random, 300);
    }

    @Test
    void theReceiptSaysExactlyWhichPiecesAreMissingAndIsWrittenOnceAnAttempt() throws Exception {
        item.put(inbox.folder);
        PieceName gone = item.pieces.get(1);
        PieceName cut = item.pieces.get(3);
        inbox.folder.delete(path(gone));
        inbox.folder.put(item.prefix() + cut, new byte[0], NOW);

        assertThat(inbox.run().missing()).isEqualTo(1);

        assertThat(missing(inbox.receipt(item))).containsExactly(gone, cut);
        byte[] told = inbox.folder.read(item.receiptKey());
        assertThat(inbox.run().missing()).isZero();
        assertThat(inbox.folder.read(item.receiptKey())).isEqualTo(told);
        item.putPieces(inbox.folder, NOW)
                .putManifest(inbox.folder, item.manifest().setAttempt(2));
        assertThat(inbox.run().accepted()).isEqualTo(1);
        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(2);
        inbox.holdsBlockOf(item, "in the end");
    }

    @Test
    void everyDamagedPieceIsNamedInOneReceipt() throws Exception {
        item.put(inbox.folder);
        List<PieceName> damaged = List.of(item.pieces.getFirst(), item.pieces.get(4), item.pieces.getLast());
        for (PieceName piece : damaged) {
            byte[] bytes = item.bytes(piece);
            bytes[0] ^= 1;
            inbox.folder.put(item.prefix() + piece, bytes, NOW);
        }

        assertThat(inbox.run().missing()).isEqualTo(1);

        assertThat(missing(inbox.receipt(item))).containsExactlyElementsOf(damaged);
        assertThat(inbox.folder.keysOf(A)).doesNotContain("meta.json");
    }

    @Test
    void pieceOfAnotherCutIsNotMissedAndGoesWithTheRest() throws Exception {
        item.put(inbox.folder);
        TestItem otherCut = item.withMeta(item.file("meta.json"), new Random(99));
        otherCut.putPieces(inbox.folder, NOW);

        assertThat(inbox.run().accepted()).isEqualTo(1);

        assertThat(inbox.inbox()).isEmpty();
    }

    @Test
    void aLateDuplicateOfAnAcceptedItemNeverBringsItsBlockBack() throws Exception {
        item.put(inbox.folder);
        inbox.run();
        deleteBlock(); // it was compacted, and its sources were deleted

        item.put(inbox.folder);
        IntakeResult result = inbox.run();

        assertThat(result.accepted()).isZero();
        assertThat(inbox.folder.keysOf(A)).isEmpty();
        assertThat(inbox.inbox()).isEmpty();
        item.putManifest(inbox.folder, item.manifest().setAttempt(2)); // the site never saw the answer
        assertThat(inbox.run().accepted()).isEqualTo(1);
        assertThat(inbox.receipt(item).getAttempt()).isEqualTo(2);
        assertThat(inbox.folder.keysOf(A)).isEmpty();
        assertThat(inbox.inbox()).isEmpty();
    }

    @Test
    void lateLeftoversOfAnAcceptedItemAreRemovedAtOnceThoseOfOthersStay() throws Exception {
        item.put(inbox.folder);
        inbox.run();
        item.putPieces(inbox.folder, NOW);
        TestItem other = TestItem.random(B, random, 300).putPieces(inbox.folder, NOW);

        inbox.run();

        assertThat(inbox.inbox()).hasSize(other.pieces.size()).allMatch(key -> key.contains(B.toString()));
    }

    /// An operator let it go from quarantine: its pieces come again before its manifest.
    @Test
    void whatWasRejectedMayComeAgain() throws Exception {
        item.putPieces(inbox.folder, NOW)
                .putManifest(inbox.folder, item.manifest().setSite("b"));
        inbox.run();
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        item.putPieces(inbox.folder, NOW);
        inbox.run();

        item.putManifest(inbox.folder, item.manifest().setAttempt(2));
        inbox.run();

        inbox.holdsBlockOf(item, "the second time");
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_ACCEPTED);
    }

    @Test
    void theSameBlockThatIsThereAlreadyIsAcceptedAndNotWrittenAgain() throws Exception {
        sentPlainly(new String(item.file("meta.json"), UTF_8).replace("\"edgeship\"", "\"sidecar\""));
        inbox.folder.mark(A, NOW);
        byte[] before = inbox.folder.read(A + "/meta.json");
        item.put(inbox.folder);

        IntakeResult result = inbox.run();

        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.blocks()).isEmpty();
        assertThat(inbox.folder.read(A + "/meta.json")).isEqualTo(before);
    }

    @Test
    void anotherBlockOfThatUlidIsNeverTouched() throws Exception {
        String meta = new String(item.file("meta.json"), UTF_8);
        for (String other : List.of(
                meta.replace("7200000", "7200001"), meta.replace("\"a\"", "\"b\""), meta.replace("000002", "000003"))) {
            sentPlainly(other);
            item.putPieces(inbox.folder, NOW)
                    .putManifest(
                            inbox.folder,
                            item.manifest().setAttempt(inbox.receipt(item).getAttempt() + 1));
            List<String> keys = inbox.folder.keysOf(A);

            assertThat(inbox.run().rejected()).as(other).isEqualTo(1);

            assertThat(inbox.receipt(item).getDetail()).startsWith("block.exists: ");
            assertThat(inbox.folder.keysOf(A)).isEqualTo(keys);
            assertThat(inbox.folder.read(A + "/meta.json")).asString(UTF_8).isEqualTo(other);
        }
    }

    @Test
    void aCommittedBlockWithOtherBytesThanItsMetaSaysIsNotTheSame() throws Exception {
        sentPlainly(new String(item.file("meta.json"), UTF_8));
        inbox.folder.put(A + "/index", new byte[item.file("index").length], NOW);
        item.put(inbox.folder);

        assertThat(inbox.run().rejected()).isEqualTo(1);
        assertThat(inbox.receipt(item).getDetail()).startsWith("block.exists: a file");
    }

    @Test
    void aFileThatTheBucketLostIsGivenBack() throws Exception {
        sentPlainly(new String(item.file("meta.json"), UTF_8));
        byte[] meta = inbox.folder.read(A + "/meta.json");
        inbox.folder.delete(A + "/index");
        item.put(inbox.folder);

        assertThat(inbox.run().accepted()).isEqualTo(1);

        assertThat(inbox.folder.read(A + "/index")).isEqualTo(item.file("index"));
        assertThat(inbox.folder.read(A + "/meta.json")).isEqualTo(meta);
    }

    @Test
    void whatTheSiteItselfHadSentPlainlyIsWrittenOver() throws Exception {
        inbox.folder
                .put(A + "/chunks/000001", "half", NOW)
                .heartbeat(BucketFolder.heartbeat("a", A).build(), NOW);
        item.put(inbox.folder);

        assertThat(inbox.run().accepted()).isEqualTo(1);

        inbox.holdsBlockOf(item, "over what was there");
    }

    @Test
    void aPlaceThatIsNotOursHoldsTheItemWithoutAnAnswer() throws Exception {
        item.put(inbox.folder);
        inbox.folder.heartbeat(BucketFolder.heartbeat("b", A).build(), NOW);
        held();
        inbox.folder.heartbeat(BucketFolder.heartbeat("b").build(), NOW);
        for (String foreign : List.of("chunks/000003", "deletion-mark.json", "notes")) {
            inbox.folder.put(A + "/" + foreign, "x", NOW);
            held();
            inbox.folder.delete(A + "/" + foreign);
        }
        inbox.folder.put(A + "/meta.json", "{", NOW);
        held();
        inbox.folder.delete(A + "/meta.json");

        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void twoSitesThatClaimOneUlidAreNeverMerged() throws Exception {
        item.put(inbox.folder);
        inbox.run();
        byte[] meta = inbox.folder.read(A + "/meta.json");
        for (PieceName piece : item.pieces) {
            inbox.folder.put(prefixOfB() + piece, item.bytes(piece), NOW);
        }
        inbox.folder.put(
                prefixOfB() + "manifest.pb",
                item.manifest().setSite("b").build().toByteArray(),
                NOW);

        assertThat(inbox.run().rejected()).isEqualTo(1);

        assertThat(inbox.folder.read(A + "/meta.json")).isEqualTo(meta);
    }

    private static String prefixOfB() {
        return "edgeship/inbox/b/cafe/" + A + ".item/";
    }

    private void held() throws Exception {
        IntakeResult result = inbox.run();
        assertThat(result.held()).isEqualTo(1);
        assertThat(result.waiting()).isEqualTo(1);
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
        assertThat(inbox.inbox()).hasSize(item.pieces.size() + 1);
    }

    private void sentPlainly(String meta) throws Exception {
        for (var file : item.files.entrySet()) {
            inbox.folder.put(A + "/" + file.getKey(), file.getValue(), NOW);
        }
        inbox.folder.put(A + "/meta.json", meta, NOW);
    }

    private void deleteBlock() throws Exception {
        for (String file : inbox.folder.keysOf(A)) {
            inbox.folder.delete(A + "/" + file);
        }
    }

    private String path(PieceName piece) {
        return item.prefix() + piece;
    }

    static List<PieceName> missing(Receipt receipt) {
        assertThat(receipt.getVerdict()).isEqualTo(Verdict.VERDICT_MISSING);
        return receipt.getMissingList().stream()
                .map(piece -> new PieceName(piece.getOffset(), piece.getLength(), piece.getCrc32C()))
                .toList();
    }
}
