package io.edgeship.it;

import com.google.protobuf.ByteString;
import io.edgeship.block.BlockId;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Sends the chunks of a directory as an agent does, and does nothing else: no spool, no patience.
final class SegmentPacker {
    private static final String INCARNATION = "0123456789abcdef0123456789abcdef";
    private static final int PIECE_BYTES = 64 << 10;

    private final Bucket bucket;
    private final String site;
    private final TenantMode mode;
    private final boolean inPlace;
    private final Set<Path> sent = new HashSet<>();
    private long sequence;

    SegmentPacker(Bucket bucket, String site, TenantMode mode, boolean inPlace) {
        this.bucket = bucket;
        this.site = site;
        this.mode = mode;
        this.inPlace = inPlace;
    }

    String site() {
        return site;
    }

    TenantMode mode() {
        return mode;
    }

    /// One segment of all chunks that were not sent yet; returns how many.
    int ship(Path chunkRoot) throws IOException {
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(chunkRoot)) {
            for (Path file : files.sorted().toList()) {
                boolean named =
                        LokiChunkName.tryParse(file.getFileName().toString()).isPresent();
                if (named && sent.add(file)) {
                    LokiChunk chunk = LokiChunkReader.open(file);
                    LokiChunk rewritten = LokiChunkRewriter.rewrite(
                            chunk, mode.edit(site, chunk.header().tenant()));
                    chunks.put(LokiChunkKey.of(rewritten).toString(), rewritten.toBytes());
                }
            }
        }
        if (!chunks.isEmpty()) {
            put(chunks);
        }
        return chunks.size();
    }

    private void put(Map<String, byte[]> chunks) throws IOException {
        BlockId id = new BlockId((1_795_000_000_000L + sequence) << 16, sequence);
        sequence++;
        Manifest.Builder manifest = Manifest.newBuilder()
                .setVersion(1)
                .setSite(site)
                .setIncarnation(INCARNATION)
                .setUlid(id.toString())
                .setKind(Manifest.Kind.KIND_LOGS)
                .setCodec(inPlace ? Manifest.Codec.CODEC_IN_PLACE : Manifest.Codec.CODEC_PLAIN)
                .setAttempt(1)
                .setLogSegment(LogSegment.newBuilder().setSequence(sequence));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (var chunk : chunks.entrySet()) {
            manifest.addFiles(Manifest.File.newBuilder()
                    .setPath(chunk.getKey())
                    .setSizeBytes(chunk.getValue().length)
                    .setSha256(sha256(chunk.getValue())));
            stream.writeBytes(chunk.getValue());
            if (inPlace) {
                bucket.put(chunk.getKey(), Body.of(chunk.getValue()));
            }
        }
        if (!inPlace) {
            pieces(id, stream.toByteArray(), manifest);
        }
        bucket.put(
                BucketLayout.manifestKey(site, INCARNATION, id),
                Body.of(manifest.build().toByteArray()));
    }

    private void pieces(BlockId id, byte[] stream, Manifest.Builder manifest) throws IOException {
        for (int at = 0; at < stream.length; at += PIECE_BYTES) {
            byte[] bytes = Arrays.copyOfRange(stream, at, Math.min(at + PIECE_BYTES, stream.length));
            PieceName piece = PieceName.of(at, bytes, bytes.length);
            manifest.addPieceLengths(piece.length()).addPieceCrc32C(piece.crc32c());
            bucket.put(BucketLayout.itemPrefix(site, INCARNATION, id) + piece, Body.of(bytes));
        }
    }

    private static ByteString sha256(byte[] bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }

    /// What a query of each of its tenants at the centre is to answer.
    List<LogLine> expected(EdgeLoki edge, String edgeTenant) {
        return edge.pushed(edgeTenant).stream()
                .map(line -> line.as(mode.tenant(site, edgeTenant), mode.labels(site)))
                .toList();
    }
}
