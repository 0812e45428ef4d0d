package io.edgeship.block.pack;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.write.BlockSink;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Packs blocks. What it gives its name was unpacked again, and every file of the block hashed to what it was
/// (I10).
public final class BlockPacker {
    /// A pack that is larger than this part of its block is compared with one of the compressed files.
    private static final double GOOD_RATIO = 0.3;

    private static final String UNFINISHED = ".tmp";

    private BlockPacker() {}

    /// Packs the block in `dir` into `file`. The same block always gives the same bytes. A block that columns
    /// cannot have, that is damaged, or that packs badly, travels as its files, compressed. A packing that was
    /// killed leaves `<file>.tmp`, which the next one replaces.
    ///
    /// @throws FileAlreadyExistsException if `file` is there
    /// @throws IOException                also if the block has files that no block has, or changes meanwhile
    public static PackStats pack(Path dir, Path file) throws IOException {
        return pack(dir, file, PackWatcher.NONE);
    }

    /// As [#pack(Path, Path)], and tells the watcher how far it is.
    public static PackStats pack(Path dir, Path file, PackWatcher watcher) throws IOException {
        return pack(dir, _ -> true, file, watcher);
    }

    /// Packs what a bucket gets of a block: segments, index, meta.json, and nothing else that lies in `dir`. Otherwise
    /// as [#pack(Path, Path)].
    public static PackStats packShipped(Path dir, Path file, PackWatcher watcher) throws IOException {
        return pack(dir, path -> PackContents.isColumnPath(path) || path.equals(PackContents.META), file, watcher);
    }

    private static PackStats pack(Path dir, Predicate<String> belongs, Path file, PackWatcher watcher)
            throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path columns = sibling(file, UNFINISHED);
        Path verbatim = sibling(file, ".files" + UNFINISHED);
        try {
            PackStats stats = columns(new ColumnPacker(dir, belongs, watcher), columns, watcher);
            Path best = columns;
            if (stats == null || stats.ratio() > GOOD_RATIO) {
                PackStats asFiles = verbatim(new ColumnPacker(dir, belongs, watcher), verbatim, watcher);
                if (stats == null || asFiles.packBytes() < stats.packBytes()) {
                    stats = asFiles;
                    best = verbatim;
                }
            }
            Files.move(best, file, StandardCopyOption.ATOMIC_MOVE);
            FileSink.force(file.toAbsolutePath().resolveSibling(""));
            return stats;
        } finally {
            Files.deleteIfExists(columns);
            Files.deleteIfExists(verbatim);
        }
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /// Null where the block cannot be had that way.
    private static @Nullable PackStats columns(ColumnPacker packer, Path file, PackWatcher watcher) throws IOException {
        Files.deleteIfExists(file);
        try {
            PackStats stats = packer.columns(FileSink.create(file), ColumnPacker.CostWatcher.NONE);
            verify(file, stats, watcher);
            return stats;
        } catch (NotColumnarException | CorruptFormatException | UnsupportedVersionException _) {
            return null;
        }
    }

    private static PackStats verbatim(ColumnPacker packer, Path file, PackWatcher watcher) throws IOException {
        Files.deleteIfExists(file);
        PackStats stats = packer.verbatim(FileSink.create(file));
        try {
            verify(file, stats, watcher);
        } catch (CorruptFormatException e) {
            throw new IOException("the block changed while it was packed into %s, or its disk lies".formatted(file), e);
        }
        return stats;
    }

    private static void verify(Path file, PackStats stats, PackWatcher watcher) throws IOException {
        BlockSink nowhere = new WatchedFiles(NoSink::new, watcher, stats.rawBytes(), 2 * stats.rawBytes());
        try (FileSource pack = FileSource.open(file)) {
            BlockUnpacker.unpack(pack, new PackLimits(Long.MAX_VALUE, Long.MAX_VALUE), nowhere);
        }
    }
}
