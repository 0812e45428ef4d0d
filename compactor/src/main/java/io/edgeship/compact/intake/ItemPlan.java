package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.tsdb.BlockMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A block's manifest that keeps every rule that can be checked without reading a piece: files, where each lies in the
/// stream, and the pieces that the stream is cut into. Immutable.
final class ItemPlan {
    /// What a meta.json of a block of 5 TiB has.
    static final int META_BYTES_MAX = 1 << 20;

    private static final String INDEX = "index";

    private final List<PlannedFile> files;
    private final byte @Nullable [] packedMeta;
    private final PieceCut cut;

    private ItemPlan(List<PlannedFile> files, byte @Nullable [] packedMeta, PieceCut cut) {
        this.files = List.copyOf(files);
        this.packedMeta = packedMeta;
        this.cut = cut;
    }

    static ItemPlan of(InboxItem item, Manifest manifest, long maxItemBytes) throws RejectedException {
        item.requireOwn(manifest);
        require(manifest.getKind() == Manifest.Kind.KIND_BLOCK, "manifest.kind", "is not set");
        Manifest.Codec codec = manifest.getCodec();
        require(
                codec == Manifest.Codec.CODEC_PLAIN || codec == Manifest.Codec.CODEC_PACK,
                "manifest.codec",
                "is %s",
                codec);
        List<PlannedFile> files = files(manifest, maxItemBytes);
        byte[] packedMeta =
                codec == Manifest.Codec.CODEC_PACK ? manifest.getMetaJson().toByteArray() : null;
        PieceCut cut = PieceCut.of(manifest);
        long end = cut.streamBytes();
        if (packedMeta == null) {
            long total = files.getLast().end();
            require(end == total, "pieces.sum", "pieces have %d bytes, files %d", end, total);
        } else {
            require(end <= maxItemBytes, "pieces.sum", "the pack has %d bytes, limit %d", end, maxItemBytes);
        }
        return new ItemPlan(files, packedMeta, cut);
    }

    private static List<PlannedFile> files(Manifest manifest, long maxItemBytes) throws RejectedException {
        int count = manifest.getFilesCount();
        require(count >= 2, "files.count", "is %d: an index and a meta.json are the least", count);
        List<PlannedFile> files = PlannedFile.of(
                manifest,
                maxItemBytes,
                (number, path) -> InboxItem.requireSame("files.path", path, path(number, count)));
        long meta = files.getLast().sizeBytes();
        require(meta >= 1 && meta <= META_BYTES_MAX, "meta.size", "is %d, limit %d", meta, META_BYTES_MAX);
        return files;
    }

    /// The only paths there are, in their only order.
    private static String path(int file, int count) {
        if (file == count - 1) {
            return BlockMeta.FILE_NAME;
        }
        return file == count - 2 ? INDEX : "chunks/%06d".formatted(file + 1);
    }

    /// In the order of the stream; the last is meta.json.
    List<PlannedFile> files() {
        return files;
    }

    /// Without meta.json.
    List<PlannedFile> dataFiles() {
        return files.subList(0, files.size() - 1);
    }

    PlannedFile meta() {
        return files.getLast();
    }

    /// Of all files.
    long sizeBytes() {
        return meta().end();
    }

    /// What the manifest of a pack says to be meta.json; null where the stream is the files' own bytes.
    byte @Nullable [] packedMeta() {
        return packedMeta;
    }

    /// How the stream is cut.
    PieceCut cut() {
        return cut;
    }
}
