package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.tsdb.BlockMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A manifest that keeps every rule that can be checked without reading a piece: files, where each lies in the
/// stream, and the pieces that the stream is cut into. Immutable.
final class ItemPlan {
    /// What a meta.json of a block of 5 TiB has.
    static final int META_BYTES_MAX = 1 << 20;

    private static final int SHA256_BYTES = 32;
    private static final String INDEX = "index";

    private final List<PlannedFile> files;
    private final byte @Nullable [] packedMeta;
    private final long[] pieceOffsets;
    private final int[] pieceLengths;
    private final int[] pieceCrcs;

    /// @param offset    in the stream of all files, one after the other
    /// @param sha256    32 bytes; not to be changed
    record PlannedFile(String path, long offset, long sizeBytes, byte[] sha256) {
        long end() {
            return offset + sizeBytes;
        }
    }

    private ItemPlan(
            List<PlannedFile> files,
            byte @Nullable [] packedMeta,
            long[] pieceOffsets,
            int[] pieceLengths,
            int[] pieceCrcs) {
        this.files = List.copyOf(files);
        this.packedMeta = packedMeta;
        this.pieceOffsets = pieceOffsets;
        this.pieceLengths = pieceLengths;
        this.pieceCrcs = pieceCrcs;
    }

    static ItemPlan of(InboxItem item, Manifest manifest, long maxItemBytes) throws RejectedException {
        requireSame("manifest.site", manifest.getSite(), item.site());
        requireSame("manifest.incarnation", manifest.getIncarnation(), item.incarnation());
        requireSame("manifest.ulid", manifest.getUlid(), item.id().toString());
        require(manifest.getKind() == Manifest.Kind.KIND_BLOCK, "manifest.kind", "is not set");
        require(manifest.getCodec() != Manifest.Codec.CODEC_UNSPECIFIED, "manifest.codec", "is not set");
        require(manifest.getAttempt() != 0, "manifest.attempt", "is 0");
        List<PlannedFile> files = files(manifest, maxItemBytes);
        byte[] packedMeta = manifest.getCodec() == Manifest.Codec.CODEC_PACK
                ? manifest.getMetaJson().toByteArray()
                : null;
        return cut(manifest, files, packedMeta, maxItemBytes);
    }

    private static ItemPlan cut(
            Manifest manifest, List<PlannedFile> files, byte @Nullable [] packedMeta, long maxItemBytes)
            throws RejectedException {
        int pieces = manifest.getPieceLengthsCount();
        int crcCount = manifest.getPieceCrc32CCount();
        require(pieces == crcCount, "pieces.counts", "%d lengths, %d checksums", pieces, crcCount);
        int most = TransportMessages.PIECES_MAX;
        require(pieces >= 1 && pieces <= most, "pieces.count", "is %d, limit %d", pieces, most);
        long[] offsets = new long[pieces];
        int[] lengths = new int[pieces];
        int[] crcs = new int[pieces];
        long end = 0;
        for (int i = 0; i < pieces; i++) {
            offsets[i] = end;
            lengths[i] = manifest.getPieceLengths(i);
            crcs[i] = manifest.getPieceCrc32C(i);
            require(
                    lengths[i] >= 1 && lengths[i] <= PieceName.LENGTH_MAX,
                    "pieces.length",
                    "piece %d has %s bytes, limit %d",
                    i,
                    Integer.toUnsignedString(lengths[i]),
                    PieceName.LENGTH_MAX);
            end += lengths[i];
        }
        if (packedMeta == null) {
            long total = files.getLast().end();
            require(end == total, "pieces.sum", "pieces have %d bytes, files %d", end, total);
        } else {
            require(end <= maxItemBytes, "pieces.sum", "the pack has %d bytes, limit %d", end, maxItemBytes);
        }
        return new ItemPlan(files, packedMeta, offsets, lengths, crcs);
    }

    private static List<PlannedFile> files(Manifest manifest, long maxItemBytes) throws RejectedException {
        int count = manifest.getFilesCount();
        require(count >= 2, "files.count", "is %d: an index and a meta.json are the least", count);
        List<PlannedFile> files = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < count; i++) {
            Manifest.File file = manifest.getFiles(i);
            requireSame("files.path", file.getPath(), path(i, count));
            require(
                    file.getSha256().size() == SHA256_BYTES,
                    "files.sha256",
                    "of %s has %d bytes",
                    file.getPath(),
                    file.getSha256().size());
            long size = file.getSizeBytes();
            require(
                    size >= 0 && size <= maxItemBytes - end,
                    "item.size",
                    "%s has %s bytes after %d, limit %d",
                    file.getPath(),
                    Long.toUnsignedString(size),
                    end,
                    maxItemBytes);
            files.add(
                    new PlannedFile(file.getPath(), end, size, file.getSha256().toByteArray()));
            end += size;
        }
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

    private static void requireSame(String rule, String found, String wanted) throws RejectedException {
        require(found.equals(wanted), rule, "is '%s', '%s' is wanted", found, wanted);
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

    /// Of what the pieces hold.
    long streamBytes() {
        return pieceOffsets[pieces() - 1] + pieceLengths[pieces() - 1];
    }

    int pieces() {
        return pieceOffsets.length;
    }

    PieceName piece(int number) {
        return new PieceName(pieceOffsets[number], pieceLengths[number], pieceCrcs[number]);
    }

    /// The number of the piece that holds a byte of the stream.
    int pieceAt(long offset) {
        int found = Arrays.binarySearch(pieceOffsets, offset);
        return found >= 0 ? found : -found - 2;
    }

    /// The number of a piece, or -1 for one of another cut.
    int numberOf(PieceName piece) {
        int found = Arrays.binarySearch(pieceOffsets, piece.offset());
        return found >= 0 && piece(found).equals(piece) ? found : -1;
    }
}
