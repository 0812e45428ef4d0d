package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A sealed block or segment of log chunks in `ready/`. Small on purpose, so that a long backlog fits in a small heap:
/// `meta.json` and the list of a segment's chunks stay on disk until asked for.
///
/// The directory lives until [Spool#shipped], [Spool#drop] or [Spool#replaceParents] removes it; a reader
/// that loses that race gets a `NoSuchFileException`.
///
/// @param range       as in the sealed `meta.json`; of a segment from its first line to just past its last
/// @param source      the directory that it was taken from; empty if that is no longer known
/// @param sealedAt    by the site's clock: for people
/// @param sizeBytes   all the block's files when it was taken; [#hasFiles] tells whether they are still here. Of a
///     segment what is shipped
/// @param copiedBytes how much of it are copies, because links were not possible
public record Item(
        ItemKind kind,
        BlockId id,
        TimeRange range,
        Path dir,
        String source,
        Instant sealedAt,
        long sizeBytes,
        long copiedBytes) {

    /// A block.
    public Item(
            BlockId id, TimeRange range, Path dir, String source, Instant sealedAt, long sizeBytes, long copiedBytes) {
        this(ItemKind.BLOCK, id, range, dir, source, sealedAt, sizeBytes, copiedBytes);
    }

    /// Bytes of a file that go to the bucket as they are.
    ///
    /// @param relativePath `chunks/000001` or `index`, with `/` on every system
    /// @param offset       where they begin in the file
    public record DataFile(String relativePath, Path path, long offset, long sizeBytes) {
        /// A file from its beginning.
        public DataFile(String relativePath, Path path, long sizeBytes) {
            this(relativePath, path, 0, sizeBytes);
        }
    }

    /// The sealed meta.json of a block, without `upload_time`.
    public BlockMeta meta() throws IOException {
        return BlockMeta.read(dir.resolve(BlockFiles.META));
    }

    /// Everything of a block but `meta.json`, in the order in which it is shipped: the segments, then
    /// the index. Tombstones stay at home: no reader of a bucket looks at them.
    public List<DataFile> dataFiles() throws IOException {
        List<DataFile> files = new ArrayList<>();
        for (Path segment : BlockFiles.segments(dir)) {
            files.add(dataFile(BlockFiles.CHUNKS + "/" + segment.getFileName(), segment));
        }
        files.add(dataFile(BlockFiles.INDEX, dir.resolve(BlockFiles.INDEX)));
        return List.copyOf(files);
    }

    /// The pack of the block, where it has one: `block.pack`, which has no name in the bucket.
    public Optional<DataFile> pack() throws IOException {
        try {
            return Optional.of(dataFile(Packs.FILE, dir.resolve(Packs.FILE)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Whether the item's own files are here; if not, its pack is. Log chunks are never packed.
    public boolean hasFiles() {
        return kind == ItemKind.LOGS || Files.exists(dir.resolve(BlockFiles.INDEX));
    }

    /// What is to be sent of the item, but for a manifest: the pack, where there is one, else its files.
    public long bytesToSend() throws IOException {
        return pack().map(DataFile::sizeBytes).orElse(sizeBytes);
    }

    /// Of all of them.
    public static long bytesToSend(List<Item> items) throws IOException {
        long bytes = 0;
        for (Item item : items) {
            bytes += item.bytesToSend();
        }
        return bytes;
    }

    private static DataFile dataFile(String relativePath, Path path) throws IOException {
        return new DataFile(relativePath, path, Files.size(path));
    }
}
