package io.edgeship.compact.intake;

import com.google.protobuf.ByteString;
import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
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
import java.util.Objects;
import java.util.Random;

/// An item as an agent would send it: random files, a sealed meta.json, a random cut.
final class TestItem {
    static final String SITE = "a";
    static final String INCARNATION = "cafe";

    final BlockId id;
    final Map<String, byte[]> files;
    final List<PieceName> pieces;
    final byte[] stream;
    private final Manifest.Codec codec;

    private TestItem(
            BlockId id, Map<String, byte[]> files, Manifest.Codec codec, byte[] stream, List<PieceName> pieces) {
        this.id = id;
        this.files = files;
        this.codec = codec;
        this.stream = stream;
        this.pieces = pieces;
    }

    /// Two segments and an index of up to a thousand bytes each, pieces of one to `pieceBytesMax`.
    static TestItem random(BlockId id, Random random, int pieceBytesMax) {
        Map<String, byte[]> data = new LinkedHashMap<>();
        for (String path : List.of("chunks/000001", "chunks/000002", "index")) {
            byte[] bytes = new byte[random.nextInt(1000)];
            random.nextBytes(bytes);
            data.put(path, bytes);
        }
        return of(id, data, sealed(id, data).toJson(), random, pieceBytesMax);
    }

    static TestItem of(BlockId id, Map<String, byte[]> data, byte[] meta, Random random, int pieceBytesMax) {
        Map<String, byte[]> files = new LinkedHashMap<>(data);
        files.put(BlockMeta.FILE_NAME, meta);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        files.values().forEach(stream::writeBytes);
        byte[] bytes = stream.toByteArray();
        return new TestItem(id, files, Manifest.Codec.CODEC_PLAIN, bytes, cut(bytes, random, pieceBytesMax));
    }

    /// The same files, with a pack for a stream.
    TestItem packed(byte[] pack, Random random, int pieceBytesMax) {
        return new TestItem(id, files, Manifest.Codec.CODEC_PACK, pack, cut(pack, random, pieceBytesMax));
    }

    /// What a packer makes of the files.
    byte[] pack(Path scratch) throws IOException {
        Path dir = scratch.resolve(id.toString());
        Files.createDirectories(dir.resolve("chunks"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(dir.resolve(file.getKey()), file.getValue());
        }
        Path pack = scratch.resolve(id + ".pack");
        BlockPacker.pack(dir, pack);
        return Files.readAllBytes(pack);
    }

    private static List<PieceName> cut(byte[] bytes, Random random, int pieceBytesMax) {
        List<PieceName> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(pieceBytesMax));
            pieces.add(PieceName.of(at, Arrays.copyOfRange(bytes, at, at + length), length));
            at += length;
        }
        return pieces;
    }

    byte[] file(String path) {
        return Objects.requireNonNull(files.get(path));
    }

    /// This item's data with another meta.json.
    TestItem withMeta(byte[] meta, Random random) {
        Map<String, byte[]> data = new LinkedHashMap<>(files);
        data.remove(BlockMeta.FILE_NAME);
        return of(id, data, meta, random, 500);
    }

    static BlockMeta sealed(BlockId id, Map<String, byte[]> data) {
        List<BlockFile> entries = new ArrayList<>();
        data.forEach((path, bytes) -> entries.add(new BlockFile(path, bytes.length, hex(bytes))));
        entries.add(new BlockFile(BlockMeta.FILE_NAME, 0, null));
        List<String> segments = data.keySet().stream()
                .filter(path -> path.startsWith("chunks/"))
                .map(path -> path.substring(7))
                .toList();
        return BlockMeta.of(id, new TimeRange(0, 7_200_000), new BlockMeta.Stats(1, 1, 0, 1, 1, 0))
                .withThanos(ThanosMeta.of(Map.of("site", SITE), "edgeship", segments, entries));
    }

    Manifest.Builder manifest() {
        Manifest.Builder manifest = Manifest.newBuilder()
                .setVersion(1)
                .setSite(SITE)
                .setIncarnation(INCARNATION)
                .setUlid(id.toString())
                .setKind(Manifest.Kind.KIND_BLOCK)
                .setCodec(codec)
                .setAttempt(1);
        if (codec == Manifest.Codec.CODEC_PACK) {
            manifest.setMetaJson(ByteString.copyFrom(file(BlockMeta.FILE_NAME)));
        }
        files.forEach((path, bytes) -> manifest.addFiles(Manifest.File.newBuilder()
                .setPath(path)
                .setSizeBytes(bytes.length)
                .setSha256(ByteString.copyFrom(Digests.sha256(bytes)))));
        for (PieceName piece : pieces) {
            manifest.addPieceLengths(piece.length()).addPieceCrc32C(piece.crc32c());
        }
        return manifest;
    }

    byte[] bytes(PieceName piece) {
        return Arrays.copyOfRange(stream, (int) piece.offset(), (int) piece.end());
    }

    String prefix() {
        return BucketLayout.itemPrefix(SITE, INCARNATION, id);
    }

    String manifestKey() {
        return BucketLayout.manifestKey(SITE, INCARNATION, id);
    }

    String receiptKey() {
        return BucketLayout.receiptKey(SITE, INCARNATION, id);
    }

    /// Every piece, then the manifest.
    TestItem put(BucketContent folder) throws IOException {
        return putPieces(folder, Duration.ZERO).putManifest(folder, manifest());
    }

    TestItem putPieces(BucketContent folder, Duration age) throws IOException {
        for (PieceName piece : pieces) {
            folder.put(prefix() + piece, bytes(piece), age);
        }
        return this;
    }

    TestItem putManifest(BucketContent folder, Manifest.Builder manifest) throws IOException {
        folder.put(manifestKey(), manifest.build().toByteArray(), Duration.ZERO);
        return this;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(Digests.sha256(bytes));
    }
}
