package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.ByteString;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.compact.intake.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One test a rule: what breaks it is rejected, the receipt names rule and value, nothing is indexed, and nothing is
/// put outside of the site's own streams.
class HostileSegmentTest {
    private static final Path ZSTD = GOLDEN.resolve("codecs/zstd");
    private static final String ULID = "01M83GSE5DPDK87AWYMSGXDHS9";

    private final LogsBed bed = new LogsBed();

    static Stream<Arguments> manifests() {
        return Stream.of(
                manifest("manifest.site: is 'b'", m -> m.setSite("b")),
                manifest("manifest.attempt: is 0", m -> m.setAttempt(0)),
                manifest("manifest.codec", m -> m.setCodec(Manifest.Codec.CODEC_UNSPECIFIED)),
                manifest("manifest.kind", m -> m.setKind(Manifest.Kind.KIND_UNSPECIFIED)),
                manifest("manifest.log_segment: is not there", Manifest.Builder::clearLogSegment),
                manifest("manifest.log_segment: has sequence number 0", m -> sequence(m, 0)),
                manifest("manifest.log_segment", m -> sequence(m, -1)),
                manifest("files.count: is 0", Manifest.Builder::clearFiles),
                manifest("files.path", m -> m.addFiles(m.getFiles(0))),
                manifest("files.path", m -> path(m, "index/index_20778/fleet/1-compactor-1-1-1.tsdb.gz")),
                manifest("files.path", m -> path(m, "edgeship/fleet/logs.json.gz")),
                manifest("files.path", m -> path(m, "../fleet/1/1:1:1")),
                manifest("files.path", m -> path(m, "fleet/1/1:1")),
                manifest("files.path", m -> path(m, "fleet/01/1:1:1")),
                manifest("files.path", m -> path(m, "fleet/1/1:1:01")),
                manifest("files.path", m -> path(m, "fleet/1/1:1:A")),
                manifest("files.path", m -> path(m, "fleet/x/1/1:1:1")),
                manifest("files.path", m -> path(m, "fl|eet/1/1:1:1")),
                manifest("files.tenant: is 'index'", m -> path(m, "index/1/1a201000000:1a201000001:1")),
                manifest("files.tenant: is 'edgeship'", m -> path(m, "edgeship/1/1a201000000:1a201000001:1")),
                manifest("files.tenant: is 'debug'", m -> path(m, "debug/1/1a201000000:1a201000001:1")),
                manifest("files.tenant: is 'fake'", m -> path(m, "fake/1/1a201000000:1a201000001:1")),
                manifest("reads as a ULID", m -> path(m, ULID + "/1/1a201000000:1a201000001:1")),
                manifest("files.size: of", m -> size(m, 0)),
                manifest("files.size: of", m -> size(m, (64 << 20) + 1)),
                manifest(
                        "files.sha256: of",
                        m -> m.setFiles(0, m.getFiles(0).toBuilder().setSha256(ByteString.EMPTY))),
                manifest("pieces.sum", m -> size(m, 77)),
                manifest(
                        "files.sha256",
                        m -> m.setFiles(0, m.getFiles(0).toBuilder().setSha256(ByteString.copyFrom(new byte[32])))),
                manifest("chunk.key", m -> path(m, "fleet/1/1a201000000:1a201000001:1")));
    }

    private static Arguments manifest(String rule, UnaryOperator<Manifest.Builder> change) {
        return argumentSet(rule, rule, change);
    }

    private static Manifest.Builder path(Manifest.Builder manifest, String path) {
        return manifest.setFiles(0, manifest.getFiles(0).toBuilder().setPath(path));
    }

    private static Manifest.Builder size(Manifest.Builder manifest, long size) {
        return manifest.setFiles(0, manifest.getFiles(0).toBuilder().setSizeBytes(size));
    }

    private static Manifest.Builder sequence(Manifest.Builder manifest, long sequence) {
        return manifest.setLogSegment(LogSegment.newBuilder().setSequence(sequence));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestThatBreaksARuleIsRejected(String rule, UnaryOperator<Manifest.Builder> change) throws Exception {
        TestSegment segment = new TestSegment("a", id(1), 1, golden(ZSTD, "a", "fleet"), 5000);
        segment.putData(bed.bucket).putManifest(bed.bucket, change.apply(segment.manifest()));

        bed.run();

        rejected(segment, rule);
    }

    private void rejected(TestSegment segment, String rule) throws IOException {
        assertThat(bed.receipt(segment).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        assertThat(bed.receipt(segment).getDetail()).contains(rule);
        assertThat(bed.indexes()).isEmpty();
        assertThat(bed.stored()).isEmpty();
        assertThat(bed.inbox()).isEmpty();
    }

    static Stream<Arguments> chunks() throws IOException {
        byte[] ours = golden(ZSTD, "a", "fleet").values().iterator().next();
        byte[] flipped = ours.clone();
        flipped[ours.length / 2] ^= 1;
        return Stream.of(
                argumentSet("another's label", "chunk.site", chunk("b", "fleet")),
                argumentSet("no label", "chunk.site", unlabelled("acme")),
                argumentSet("another's tenant", "chunk.site", unlabelled("b.x")),
                argumentSet("almost its tenant", "chunk.site", unlabelled("ab.x")),
                argumentSet("tenant of another chunk", "chunk.key", Map.of("a.y/1/1a201000000:1a201000001:1", ours)),
                argumentSet("a flipped bit, and its checksum", "chunk: ", renamed("fleet", ours, flipped)),
                argumentSet("no chunk", "chunk: ", renamed("fleet", ours, "hello".getBytes(StandardCharsets.UTF_8))),
                argumentSet("another's fingerprint", "chunk.fingerprint", underAnothersNumber(ours)));
    }

    private static Map<String, byte[]> chunk(String site, String tenant) throws IOException {
        return golden(ZSTD, site, tenant);
    }

    private static Map<String, byte[]> unlabelled(String tenant) throws IOException {
        try (Stream<Path> files = Files.walk(ZSTD)) {
            Path file = files.filter(path -> path.toString().endsWith("="))
                    .findFirst()
                    .orElseThrow();
            LokiChunk chunk =
                    LokiChunkRewriter.rewrite(LokiChunkReader.open(file), new LokiChunkEdit(tenant, Map.of(), null));
            return Map.of(LokiChunkKey.of(chunk).toString(), chunk.toBytes());
        }
    }

    /// With a key whose checksum is right.
    private static Map<String, byte[]> renamed(String tenant, byte[] original, byte[] bytes) throws IOException {
        LokiChunkKey key = LokiChunkKey.of(LokiChunkReader.open("ours", original));
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Map.of(
                "%s/%x/%x:%x:%x"
                        .formatted(
                                tenant,
                                key.fingerprint(),
                                key.name().fromMillis(),
                                key.name().throughMillis(),
                                crc.getValue()),
                bytes);
    }

    /// The header's frames are not compressed: digits can be changed where they stand, and the frame's checksum with
    /// them.
    private static Map<String, byte[]> underAnothersNumber(byte[] ours) throws IOException {
        LokiChunkKey key = LokiChunkKey.of(LokiChunkReader.open("ours", ours));
        byte[] bytes = ours.clone();
        String number = Long.toUnsignedString(key.fingerprint());
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(number) + number.length() - 1;
        bytes[at] = (byte) (bytes[at] == '9' ? '8' : bytes[at] + 1);
        int frame = 4 + 10; // metaLen, stream identifier
        int length = (bytes[frame + 1] & 0xff) | (bytes[frame + 2] & 0xff) << 8 | (bytes[frame + 3] & 0xff) << 16;
        CRC32C crc = new CRC32C();
        crc.update(bytes, frame + 8, length - 4);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
        for (int i = 0; i < 4; i++) {
            bytes[frame + 4 + i] = (byte) (masked >>> (8 * i));
        }
        LokiChunk changed = LokiChunkReader.open("changed", bytes);
        assertThat(changed.header().fingerprint()).isNotEqualTo(key.fingerprint());
        return Map.of(LokiChunkKey.of(changed).toString(), bytes);
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void aChunkThatBreaksARuleIsRejected(String rule, Map<String, byte[]> chunks) throws Exception {
        TestSegment segment = new TestSegment("a", id(1), 1, chunks, 5000).put(bed.bucket);

        bed.run();

        rejected(segment, rule);
    }

    @Test
    void nobodysChunkIsReplacedByOneOfTheSameChecksum() throws Exception {
        TestSegment segment = new TestSegment("a", id(1), 1, golden(ZSTD, "a", "fleet"), 5000);
        String path = segment.chunks.keySet().iterator().next();
        byte[] ours = Objects.requireNonNull(segment.chunks.get(path));
        byte[] other = sameChecksum(ours);
        bed.bucket.put(path, other, Duration.ZERO);
        segment.put(bed.bucket);

        bed.run();

        assertThat(bed.receipt(segment).getDetail()).contains("chunk.exists");
        assertThat(bed.bucket.read(path)).isEqualTo(other);
    }

    /// A cyclic checksum is linear: the polynomial can be added anywhere.
    private static byte[] sameChecksum(byte[] bytes) {
        byte[] other = bytes.clone();
        long polynomial = 0x1_1EDC_6F41L; // of CRC32C, its highest bit first
        for (int bit = 0; bit <= 32; bit++) {
            if (((polynomial >>> (32 - bit)) & 1) != 0) {
                other[100 + bit / 8] ^= (byte) (1 << (bit % 8)); // bits go in from the lowest
            }
        }
        CRC32C a = new CRC32C();
        a.update(bytes);
        CRC32C b = new CRC32C();
        b.update(other);
        assertThat(b.getValue()).isEqualTo(a.getValue());
        return other;
    }

    @Test
    void aBlockAndAPackedSegmentAreNotJudgedHere() throws Exception {
        TestSegment block = new TestSegment("a", id(1), 1, golden(ZSTD, "a", "fleet"), 5000);
        block.putManifest(bed.bucket, block.manifest().setKind(Manifest.Kind.KIND_BLOCK));
        TestSegment packed = new TestSegment("a", id(2), 1, golden(ZSTD, "a", "fleet"), 5000);
        packed.putManifest(bed.bucket, packed.manifest().setCodec(Manifest.Codec.CODEC_PACK));

        LogsResult result = bed.run();

        assertThat(result.taken().held()).isEqualTo(1);
        assertThat(result.taken().tooNew()).isEqualTo(1);
        assertThat(bed.receipt(packed).getVerdict()).isEqualTo(Verdict.VERDICT_TOO_NEW);
        assertThat(bed.inbox()).hasSize(2);
    }

    @Test
    void tenantsThatAreListedMayBeAnybodys() throws Exception {
        bed.verbatim = Set.of("acme", "fake");
        Map<String, byte[]> chunks = new LinkedHashMap<>(unlabelled("fake"));
        chunks.putAll(unlabelled("acme"));
        chunks.putAll(unlabelled("a.own"));
        TestSegment segment = new TestSegment("a", id(1), 1, chunks, 5000).put(bed.bucket);

        bed.run();

        bed.holds(segment, "listed");
        assertThat(new TreeSet<>(
                        bed.indexes().stream().map(key -> key.split("/", -1)[2]).toList()))
                .isEqualTo(new TreeSet<>(List.of("a.own", "acme", "fake")));
    }

    /// A bit anywhere in a manifest: an answer, or none, and the process goes on.
    @Test
    void everyFlippedBitOfAManifestHasAnAnswer() throws Exception {
        TestSegment segment = new TestSegment("a", id(1), 1, golden(ZSTD, "a", "fleet"), 5000);
        byte[] manifest = segment.manifest().build().toByteArray();
        assertThat(Digests.sha256(manifest)).hasSize(32);
        for (int bit = 0; bit < manifest.length * 8; bit++) {
            bed.bucket.clear();
            segment.putData(bed.bucket);
            byte[] flipped = manifest.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            bed.bucket.put(segment.prefix() + "manifest.pb", flipped, Duration.ZERO);

            LogsResult result = bed.run();

            assertThat(result.problem()).as("bit %d", bit).isEmpty();
            assertThat(result.taken().failures()).as("bit %d", bit).isZero();
            bed.namesNothingThatIsNotThere("bit " + bit);
        }
    }
}
