package io.edgeship.compact.logs;

import com.google.protobuf.ByteString;
import io.edgeship.block.BlockId;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.compact.intake.Digests;
import io.edgeship.fleet.BucketContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A segment as an agent would send it.
final class TestSegment {
    static final String SITE = "a";
    static final String INCARNATION = "cafe";
    static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden/loki-3.7.6");
    static final long COMPLETE_THROUGH = 1_795_300_000_000L;

    final String site;
    final BlockId id;
    final long sequence;
    final Map<String, byte[]> chunks;
    private final int pieceBytes;

    /// @param pieceBytes of each piece but the last; 0 for chunks in their places
    TestSegment(String site, BlockId id, long sequence, Map<String, byte[]> chunks, int pieceBytes) {
        this.site = site;
        this.id = id;
        this.sequence = sequence;
        this.chunks = new LinkedHashMap<>(chunks);
        this.pieceBytes = pieceBytes;
    }

    static BlockId id(long number) {
        return new BlockId(number << 16, 7);
    }

    /// All that a real Loki wrote below a directory, as a site would send it: of the tenant, with label `site`.
    static Map<String, byte[]> golden(Path dir, String site, @Nullable String tenant) throws IOException {
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted().toList()) {
                if (LokiChunkName.tryParse(file.getFileName().toString()).isPresent()) {
                    LokiChunk chunk = LokiChunkReader.open(file);
                    LokiChunk sent = tenant == null
                            ? chunk
                            : LokiChunkRewriter.rewrite(chunk, new LokiChunkEdit(tenant, Map.of("site", site), null));
                    chunks.put(LokiChunkKey.of(sent).toString(), sent.toBytes());
                }
            }
        }
        return chunks;
    }

    byte[] stream() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        chunks.values().forEach(stream::writeBytes);
        return stream.toByteArray();
    }

    List<PieceName> pieces() {
        List<PieceName> pieces = new ArrayList<>();
        byte[] stream = stream();
        for (int at = 0; pieceBytes > 0 && at < stream.length; at += pieceBytes) {
            int length = Math.min(pieceBytes, stream.length - at);
            pieces.add(PieceName.of(at, Arrays.copyOfRange(stream, at, at + length), length));
        }
        return pieces;
    }

    Manifest.Builder manifest() {
        Manifest.Builder manifest = Manifest.newBuilder()
                .setVersion(1)
                .setSite(site)
                .setIncarnation(INCARNATION)
                .setUlid(id.toString())
                .setKind(Manifest.Kind.KIND_LOGS)
                .setCodec(pieceBytes > 0 ? Manifest.Codec.CODEC_PLAIN : Manifest.Codec.CODEC_IN_PLACE)
                .setAttempt(1)
                .setLogSegment(LogSegment.newBuilder().setSequence(sequence).setCompleteThroughMs(COMPLETE_THROUGH));
        chunks.forEach((path, bytes) -> manifest.addFiles(Manifest.File.newBuilder()
                .setPath(path)
                .setSizeBytes(bytes.length)
                .setSha256(ByteString.copyFrom(Digests.sha256(bytes)))));
        for (PieceName piece : pieces()) {
            manifest.addPieceLengths(piece.length()).addPieceCrc32C(piece.crc32c());
        }
        return manifest;
    }

    String prefix() {
        return BucketLayout.itemPrefix(site, INCARNATION, id);
    }

    String receiptKey() {
        return BucketLayout.receiptKey(site, INCARNATION, id);
    }

    /// Every piece, or every chunk in its place; then the manifest.
    TestSegment put(BucketContent bucket) throws IOException {
        return putData(bucket).putManifest(bucket, manifest());
    }

    TestSegment putData(BucketContent bucket) throws IOException {
        byte[] stream = stream();
        for (PieceName piece : pieces()) {
            byte[] bytes = Arrays.copyOfRange(stream, (int) piece.offset(), (int) piece.end());
            bucket.put(prefix() + piece, bytes, Duration.ZERO);
        }
        if (pieceBytes == 0) {
            for (var chunk : chunks.entrySet()) {
                bucket.put(chunk.getKey(), chunk.getValue(), Duration.ZERO);
            }
        }
        return this;
    }

    TestSegment putManifest(BucketContent bucket, Manifest.Builder manifest) throws IOException {
        bucket.put(prefix() + "manifest.pb", manifest.build().toByteArray(), Duration.ZERO);
        return this;
    }
}
