package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketFolder;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One test a rule: what breaks it is rejected, the receipt names rule and value, nothing becomes a block.
class HostileItemTest {
    private static final Duration OLD = Duration.ofDays(1);

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final Random random = new Random(2);

    @BeforeEach
    void inbox() {
        inbox = new InboxFolder();
    }

    static Stream<Arguments> manifests() {
        return Stream.of(
                manifest("manifest.site: is 'b'", m -> m.setSite("b")),
                manifest("manifest.incarnation: is 'beef'", m -> m.setIncarnation("beef")),
                manifest("manifest.ulid: is '" + B, m -> m.setUlid(B.toString())),
                manifest("manifest.kind", m -> m.setKind(Manifest.Kind.KIND_UNSPECIFIED)),
                manifest("manifest.codec", m -> m.setCodec(Manifest.Codec.CODEC_UNSPECIFIED)),
                manifest("manifest.attempt: is 0", m -> m.setAttempt(0)),
                manifest("files.count: is 0", Manifest.Builder::clearFiles),
                manifest("files.count: is 1", m -> m.clearFiles().addFiles(file("meta.json", 1))),
                manifest("files.path: is '../index'", m -> path(m, 2, "../index")),
                manifest("files.path: is 'deletion-mark.json'", m -> path(m, 0, "deletion-mark.json")),
                manifest("files.path: is 'chunks/000003'", m -> path(m, 1, "chunks/000003")),
                manifest("files.path: is 'chunks/000001'", m -> path(m, 1, "chunks/000001")),
                manifest("files.path: is 'chunks/2'", m -> path(m, 1, "chunks/2")),
                manifest("files.path: is 'index'", m -> path(m, 3, "index")),
                manifest("files.path: is 'edgeship/x'", m -> m.addFiles(2, file("edgeship/x", 0))),
                manifest(
                        "files.sha256: of index has 3 bytes",
                        m -> m.setFiles(2, m.getFiles(2).toBuilder().setSha256(ByteString.copyFromUtf8("abc")))),
                manifest("item.size: index has 18446744073709551615 bytes", m -> size(m, 2, -1)),
                manifest("item.size: index has 67108865 bytes", m -> size(m, 2, (64 << 20) + 1)),
                manifest("meta.size: is 0", m -> size(m, 3, 0)),
                manifest("meta.size: is 1048577", m -> size(m, 3, (1 << 20) + 1)),
                manifest("pieces.counts", m -> m.addPieceLengths(1)),
                manifest("pieces.count: is 0", m -> m.clearPieceLengths().clearPieceCrc32C()),
                manifest("pieces.count: is 200001", HostileItemTest::manyPieces),
                manifest("pieces.length: piece 0 has 0 bytes", m -> m.setPieceLengths(0, 0)),
                manifest("pieces.length: piece 0 has 8388609 bytes", m -> m.setPieceLengths(0, (8 << 20) + 1)),
                manifest("pieces.length: piece 0 has 4294967295 bytes", m -> m.setPieceLengths(0, -1)),
                manifest("pieces.sum", m -> m.addPieceLengths(1).addPieceCrc32C(1)),
                manifest("files.sha256: of meta.json", m -> hash(m, 3)),
                manifest("files.sha256: of index", m -> hash(m, 2)));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestThatBreaksARuleIsRejected(String words, UnaryOperator<Manifest.Builder> change) throws Exception {
        TestItem item = TestItem.random(A, random, 300).putPieces(inbox.folder, OLD);
        item.putManifest(inbox.folder, change.apply(item.manifest()));

        rejected(item, words);
    }

    static Stream<Arguments> metas() {
        return Stream.of(
                meta("meta: ", json -> "{"),
                meta("meta.ulid: is " + B, json -> json.replaceFirst(A + "", B + "")),
                meta("meta.thanos", json -> json.replace("\"thanos\"", "\"thanoss\"")),
                meta("meta.site: label site is 'b', not 'a'", json -> json.replace("\"a\"", "\"b\"")),
                meta("meta.site: label site is ''", json -> json.replace("\"site\"", "\"sight\"")),
                meta(
                        "meta.resolution: is 3600000",
                        json -> json.replace("\"resolution\": 0", "\"resolution\": 3600000")),
                meta("meta.resolution: is 1", json -> json.replace("\"resolution\": 0", "\"resolution\": 1")),
                meta("meta.source: is 'compactor'", json -> json.replace("\"edgeship\"", "\"compactor\"")),
                meta(
                        "meta.source: is 'compactor.repair'",
                        json -> json.replace("\"edgeship\"", "\"compactor.repair\"")),
                meta("meta.source: is 'bucket.repair'", json -> json.replace("\"edgeship\"", "\"bucket.repair\"")),
                meta("meta.level: is 0", json -> json.replace("\"level\": 1", "\"level\": 0")),
                meta("meta.sources: of level 1", json -> sources(json, "\"" + B + "\"")),
                meta("meta.sources: of level 1", json -> sources(json, "\"" + A + "\",\"" + B + "\"")),
                meta("meta.sources: is empty", json -> sources(json, "")),
                meta(
                        "meta.sources: names data of " + B,
                        json -> sources(json, "\"" + B + "\"").replace("\"level\": 1", "\"level\": 2")),
                meta("meta.files: lists chunks/000001", json -> json.replace("\"size_bytes\": ", "\"size_bytes\": 1")),
                meta("meta.files: lists index with no bytes", json -> json.replace("\"index\"", "\"indexx\"")),
                meta(
                        "meta.files: lists files that were not sent: [x]",
                        json -> json.replace("\"files\": [", "\"files\": [{\"rel_path\":\"x\"},")),
                meta(
                        "meta.files: lists x twice",
                        json -> json.replace("\"files\": [", "\"files\": [{\"rel_path\":\"x\"},{\"rel_path\":\"x\"},")),
                meta("meta.segment_files", json -> json.replace("\"000002\"", "\"000003\"")),
                meta("meta.stats: numChunks is 0 with 2", json -> json.replace("\"numChunks\"", "\"numChunkz\"")));
    }

    @ParameterizedTest
    @MethodSource("metas")
    void aMetaThatBreaksARuleIsRejected(String words, UnaryOperator<String> change) throws Exception {
        inbox.folder.block(B, BucketFolder.meta(B, 0, 7_200_000, "b"), OLD); // another site's
        TestItem good = TestItem.random(A, random, 300);
        String json = new String(good.file("meta.json"), UTF_8);
        String changed = change.apply(json);
        assertThat(changed).isNotEqualTo(json);
        TestItem item = good.withMeta(changed.getBytes(UTF_8), random).put(inbox.folder);

        rejected(item, words);
        assertThat(inbox.folder.keysOf(B)).hasSize(3);
    }

    @Test
    void aLaterLevelOfTheSitesOwnDataIsTaken() throws Exception {
        inbox.folder.block(B, BucketFolder.meta(B, 0, 7_200_000, "a"), OLD);
        TestItem good = TestItem.random(A, random, 300);
        String json = sources(new String(good.file("meta.json"), UTF_8), "\"" + B + "\"");
        TestItem item = good.withMeta(
                        json.replace("\"level\": 1", "\"level\": 2").getBytes(UTF_8), random)
                .put(inbox.folder);

        assertThat(inbox.run().accepted()).isEqualTo(1);
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_ACCEPTED);
    }

    /// What is wrong with a manifest is found without reading a piece; what is wrong with a meta.json, without the
    /// rest.
    @Test
    void aHostileManifestCostsNoReadOfAPiece() throws Exception {
        TestItem item = TestItem.random(A, random, 300).putPieces(inbox.folder, OLD);
        item.putManifest(inbox.folder, item.manifest().setSite("b"));
        RecordingBucket bucket = new RecordingBucket(inbox.folder.open());

        inbox.run(bucket);

        assertThat(bucket.keysOf("get")).containsExactly(item.manifestKey(), item.receiptKey());
    }

    static Stream<Arguments> bombs() throws Exception {
        return Stream.of(
                argumentSet("no Protobuf", new byte[] {(byte) 0xff}, "manifest: "),
                argumentSet("cut off", new byte[] {0x12, 0x7f}, "manifest: "),
                argumentSet("too long", new byte[TransportMessages.BYTES_MAX + 1], "manifest.size"),
                argumentSet("files without end", repeated((7 << 3) | 2, 0, 1_000_000), "manifest.fields"),
                argumentSet("unknown fields", repeated(99 << 3, 1, 1_000_000), "manifest.fields"),
                argumentSet("a file of a million fields", nested(), "manifest.fields"),
                argumentSet("no version", new byte[0], "manifest: "));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void bytesThatAreNoManifestAreRejectedBeforeTheyBecomeObjects(byte[] bytes, String words) throws Exception {
        TestItem item = TestItem.random(A, random, 300).putPieces(inbox.folder, OLD);
        inbox.folder.put(item.manifestKey(), bytes, OLD);

        rejected(item, words);
    }

    @Test
    void whatALaterAgentSendsIsLeftAloneAndAnsweredOnce() throws Exception {
        TestItem item = TestItem.random(A, random, 300).putPieces(inbox.folder, OLD);
        for (Manifest.Builder manifest : new Manifest.Builder[] {
            item.manifest().setVersion(2),
            item.manifest().setAttempt(2).setKindValue(77),
            item.manifest().setAttempt(3).setCodecValue(77)
        }) {
            item.putManifest(inbox.folder, manifest);

            IntakeResult result = inbox.run();

            assertThat(result.tooNew()).isEqualTo(1);
            assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_TOO_NEW);
            assertThat(inbox.receipt(item).getAttempt()).isEqualTo(manifest.getAttempt());
            assertThat(inbox.receipt(item).getDetail()).contains("reads up to 1");
            assertThat(inbox.run().tooNew()).isZero(); // another process: told before
            assertThat(inbox.inbox()).hasSize(item.pieces.size() + 1);
        }
        item.putManifest(inbox.folder, item.manifest().setAttempt(4));
        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void aMetaOfALaterVersionIsLeftAlone() throws Exception {
        TestItem good = TestItem.random(A, random, 300);
        String json = new String(good.file("meta.json"), UTF_8).replace("\"version\": 1", "\"version\": 2");
        TestItem item = good.withMeta(json.getBytes(UTF_8), random).put(inbox.folder);

        assertThat(inbox.run().tooNew()).isEqualTo(1);
        assertThat(inbox.inbox()).hasSize(item.pieces.size() + 1);
    }

    private void rejected(TestItem item, String words) throws Exception {
        IntakeResult result = inbox.run();

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(inbox.receipt(item).getDetail()).startsWith(words);
        assertThat(inbox.folder.keysOf(A)).doesNotContain("meta.json");
        assertThat(inbox.inbox()).as("its site has the bytes in quarantine").isEmpty();
        inbox.holdsNothingUnfinished(words);
    }

    private static Arguments manifest(String words, UnaryOperator<Manifest.Builder> change) {
        return argumentSet(words, words, change);
    }

    private static Arguments meta(String words, UnaryOperator<String> change) {
        return argumentSet(words, words, change);
    }

    private static Manifest.File file(String path, int size) {
        return Manifest.File.newBuilder()
                .setPath(path)
                .setSizeBytes(size)
                .setSha256(ByteString.copyFrom(new byte[32]))
                .build();
    }

    private static Manifest.Builder path(Manifest.Builder manifest, int file, String path) {
        return manifest.setFiles(file, manifest.getFiles(file).toBuilder().setPath(path));
    }

    private static Manifest.Builder size(Manifest.Builder manifest, int file, long size) {
        return manifest.setFiles(file, manifest.getFiles(file).toBuilder().setSizeBytes(size));
    }

    private static Manifest.Builder hash(Manifest.Builder manifest, int file) {
        return manifest.setFiles(
                file, manifest.getFiles(file).toBuilder().setSha256(ByteString.copyFrom(new byte[32])));
    }

    private static Manifest.Builder manyPieces(Manifest.Builder manifest) {
        manifest.clearPieceLengths().clearPieceCrc32C();
        IntStream.rangeClosed(0, TransportMessages.PIECES_MAX)
                .forEach(_ -> manifest.addPieceLengths(1).addPieceCrc32C(1));
        return manifest;
    }

    private static String sources(String json, String sources) {
        return json.replaceFirst("\"sources\": \\[[^]]*]", "\"sources\": [" + sources + "]");
    }

    private static byte[] repeated(int tag, int value, int times) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; i < times; i++) {
            out.writeUInt32NoTag(tag);
            out.writeUInt32NoTag(value);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] nested() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(7, repeated(99 << 3, 1, 500_000));
        out.flush();
        return bytes.toByteArray();
    }
}
