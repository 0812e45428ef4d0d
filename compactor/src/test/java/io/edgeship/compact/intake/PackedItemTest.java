package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.PackHeader;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.block.pack.PackLimits;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Items whose stream is a pack: the block arrives as its files would have brought it, and a pack that lies never does.
class PackedItemTest {
    private static final int PIECE_BYTES = 3000;
    private static final int MAGIC = 0xED6E9AC4;

    @SuppressWarnings("NullAway.Init")
    private static TestItem plain;

    @SuppressWarnings("NullAway.Init")
    private static byte[] pack;

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final Random random = new Random(10);

    @BeforeAll
    static void block(@TempDir Path scratch) throws IOException {
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=120,days=1,step=60s");
        Path dir = SyntheticBlocks.write(spec, 0, scratch, _ -> {}).getFirst();
        Map<String, byte[]> data = new LinkedHashMap<>();
        data.put("chunks/000001", Files.readAllBytes(dir.resolve("chunks/000001")));
        data.put("index", Files.readAllBytes(dir.resolve("index")));
        plain = TestItem.of(A, data, TestItem.sealed(A, data).toJson(), new Random(1), PIECE_BYTES);
        pack = plain.pack(scratch);
    }

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
    }

    /// Larger than a part of an upload here, so that index and segment go out in parts beside each other.
    @Test
    void becomesTheBlockThatItsFilesWouldHaveBecome() throws Exception {
        TestItem item = packed(pack).put(inbox.folder);
        assertThat(item.file("index")).hasSizeGreaterThan(InboxFolder.PART_BYTES);
        assertThat(item.file("chunks/000001")).hasSizeGreaterThan(InboxFolder.PART_BYTES);
        assertThat(pack.length).isLessThan(plain.stream.length / 2);

        IntakeResult result = inbox.run();

        done(item, "the first time");
        assertThat(result.bytes())
                .as("each window of a small pack is read once")
                .isEqualTo(pack.length);
        assertThat(result.blocks().getFirst().sizeBytes()).isEqualTo(plain.stream.length);
    }

    /// What the agent of a block that columns cannot have sends.
    @Test
    void aPackOfFilesAsTheyAreArrivesToo(@TempDir Path scratch) throws Exception {
        TestItem odd = TestItem.random(B, random, 300);
        TestItem item = odd.packed(odd.pack(scratch), random, 300).put(inbox.folder);

        inbox.run();

        done(item, "verbatim");
    }

    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhereverItWasKilled(Moment moment) throws Exception {
        TestItem item = packed(pack);
        FailingBucket counting = FailingBucket.fromCall(inbox.folder.open(), Integer.MAX_VALUE, Moment.BEFORE);
        item.put(inbox.folder);
        inbox.run(counting);
        assertThat(counting.calls()).isGreaterThan(25);
        for (int call = 1; call <= counting.calls(); call++) {
            String when = "killed %s call %d".formatted(moment, call);
            inbox.folder.clear();
            item.put(inbox.folder);
            killed(FailingBucket.fromCall(inbox.folder.open(), call, moment));
            if (inbox.folder.keysOf(A).contains("meta.json")) {
                inbox.holdsBlockOf(item, when);
            } else {
                assertThat(inbox.receipt(item).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
            }

            inbox.run();

            done(item, when);
        }
    }

    /// What cables and disks do to pieces is no fault of the pack: the site sends these again.
    @Test
    void damagedPiecesAreAskedForAndThePackIsNotBlamed() throws Exception {
        for (int number = 0; number < packed(pack).pieces.size(); number++) {
            inbox.folder.clear();
            TestItem item = packed(pack).put(inbox.folder);
            var piece = item.pieces.get(Math.min(number, item.pieces.size() - 1));
            byte[] bytes = item.bytes(piece);
            bytes[random.nextInt(bytes.length)] ^= 0x10;
            inbox.folder.put(item.prefix() + piece, bytes, Duration.ZERO);

            inbox.run();

            Receipt receipt = inbox.receipt(item);
            assertThat(receipt.getVerdict()).as("%s", piece).isEqualTo(Verdict.VERDICT_MISSING);
            assertThat(receipt.getMissingList()).hasSize(1);
            assertThat(receipt.getMissing(0).getOffset()).isEqualTo(piece.offset());
            inbox.folder.put(item.prefix() + piece, item.bytes(piece), Duration.ZERO);
            inbox.run();
            done(item, "sent again: " + piece);
        }
    }

    /// Whole pieces of a pack that is not: a site whose packer erred, or a thief's.
    @Test
    void aPackWithAnyBitTurnedIsRejected() throws Exception {
        for (int round = 0; round < 40; round++) {
            byte[] turned = pack.clone();
            int at = round < 12 ? round : random.nextInt(turned.length);
            turned[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));

            becomesNoBlock(packed(turned), "bit of byte %d".formatted(at));
        }
    }

    @Test
    void aPackThatIsCutOrHasATailIsRejected() throws Exception {
        for (int round = 0; round < 15; round++) {
            int length = 1 + random.nextInt(pack.length - 1);
            becomesNoBlock(packed(Arrays.copyOf(pack, length)), "cut at %d".formatted(length));
        }
        becomesNoBlock(packed(Arrays.copyOf(pack, pack.length + 1)), "with a tail");
    }

    @Test
    void aPackOfALaterVersionWaitsForALaterCentre() throws Exception {
        byte[] later = pack.clone();
        later[Integer.BYTES]++;
        TestItem item = packed(later).put(inbox.folder);

        inbox.run();

        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_TOO_NEW);
        assertThat(inbox.inbox()).contains(item.manifestKey());
    }

    @Test
    void aPackOfOtherFilesThanTheManifestsIsRejected(@TempDir Path scratch) throws Exception {
        TestItem other = TestItem.random(A, random, PIECE_BYTES);

        rejected(
                packed(other.pack(scratch)),
                UnaryOperator.identity(),
                "pack.files: chunks/000001 is not the manifest's");
    }

    @Test
    void aPackThatLacksAFileIsRejected() throws Exception {
        rejected(packed(madeUp(List.of())), UnaryOperator.identity(), "pack.files: [");
    }

    /// Memory follows the size of the index, so it is capped before anything is unpacked.
    @Test
    void anIndexThatWouldTakeTooMuchMemoryIsRejected() throws Exception {
        long size = PackLimits.SHIPPED_INDEX_BYTES_MAX + 1;
        Manifest.File index =
                plain.manifest().getFiles(1).toBuilder().setSizeBytes(size).build();

        String meta = new String(plain.file("meta.json"), UTF_8)
                .replace(": " + plain.file("index").length + ",", ": " + size + ",");
        TestItem large = plain.withMeta(meta.getBytes(UTF_8), random);

        rejected(
                large.packed(madeUp(List.of(index)), random, PIECE_BYTES),
                m -> m.setFiles(1, index),
                "pack: " + large.prefix());
        assertThat(inbox.folder.keysOf(A)).isEmpty();
    }

    @Test
    void aManifestWithoutTheMetaJsonOfAPackIsRejected() throws Exception {
        rejected(packed(pack), Manifest.Builder::clearMetaJson, "files.sha256: of meta.json");
    }

    @Test
    void aMetaJsonThatBreaksARuleIsRejectedWithoutReadingAPiece() throws Exception {
        byte[] meta = "{}".getBytes(UTF_8);
        TestItem lying = plain.withMeta(meta, random).packed(pack, random, PIECE_BYTES);

        IntakeResult result = rejected(lying, UnaryOperator.identity(), "meta");
        assertThat(result.bytes()).isZero();
    }

    @Test
    void aPackLargerThanAnItemMayBeIsRejected() throws Exception {
        TestItem item = packed(pack);
        item.putPieces(inbox.folder, Duration.ZERO);
        int length = 8 << 20;
        Manifest.Builder manifest = item.manifest().clearPieceLengths().clearPieceCrc32C();
        for (int i = 0; i < 9; i++) {
            manifest.addPieceLengths(length).addPieceCrc32C(i);
        }
        item.putManifest(inbox.folder, manifest);

        inbox.run();

        assertThat(inbox.receipt(item).getDetail()).startsWith("pieces.sum: the pack has 75497472 bytes");
    }

    private TestItem packed(byte[] bytes) {
        return plain.packed(bytes, random, PIECE_BYTES);
    }

    private void becomesNoBlock(TestItem item, String what) throws IOException {
        inbox.folder.clear();
        item.put(inbox.folder);

        inbox.run();

        Receipt receipt = inbox.receipt(item);
        if (receipt.getVerdict() != Verdict.VERDICT_TOO_NEW) {
            assertThat(receipt.getVerdict()).as(what).isEqualTo(Verdict.VERDICT_REJECTED);
            assertThat(receipt.getDetail()).as(what).startsWith("pack");
            assertThat(inbox.inbox()).as(what).isEmpty();
        }
        assertThat(inbox.folder.keysOf(A)).as(what).doesNotContain("meta.json");
        inbox.holdsNothingUnfinished(what);
    }

    private IntakeResult rejected(TestItem item, UnaryOperator<Manifest.Builder> change, String words)
            throws IOException {
        item.putPieces(inbox.folder, Duration.ZERO).putManifest(inbox.folder, change.apply(item.manifest()));

        IntakeResult result = inbox.run();

        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(inbox.receipt(item).getDetail()).startsWith(words);
        assertThat(inbox.folder.keysOf(A)).doesNotContain("meta.json");
        assertThat(inbox.inbox()).isEmpty();
        inbox.holdsNothingUnfinished(words);
        return result;
    }

    private void done(TestItem item, String when) throws IOException {
        assertThat(inbox.receipt(item).getDetail()).as(when).isEmpty();
        assertThat(inbox.receipt(item).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_ACCEPTED);
        inbox.holdsBlockOf(item, when);
        assertThat(inbox.inbox()).as(when).isEmpty();
        inbox.holdsNothingUnfinished(when);
    }

    private void killed(Bucket bucket) {
        try {
            assertThat(inbox.run(bucket).failures()).isLessThanOrEqualTo(1);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("the test cut the link");
        }
    }

    /// A pack whose frames are right and that declares what it likes.
    private static byte[] madeUp(List<Manifest.File> files) throws IOException {
        PackHeader.Builder header = PackHeader.newBuilder().setVersion(1);
        for (Manifest.File file : files) {
            header.addFiles(PackHeader.File.newBuilder()
                    .setPath(file.getPath())
                    .setSizeBytes(file.getSizeBytes())
                    .setSha256(file.getSha256())
                    .setForm(PackHeader.Form.FORM_COLUMNS));
        }
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.write(ByteBuffer.allocate(5).putInt(MAGIC).put((byte) 1).array());
        frame(pack, 1, header.build().toByteString());
        frame(pack, 6, ByteString.EMPTY);
        return pack.toByteArray();
    }

    private static void frame(ByteArrayOutputStream pack, int kind, ByteString payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(kind);
        assertThat(payload.size()).as("one byte says its length").isLessThan(0x80);
        frame.write(payload.size());
        payload.writeTo(frame);
        CRC32C crc = new CRC32C();
        crc.update(frame.toByteArray());
        pack.write(frame.toByteArray());
        pack.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
