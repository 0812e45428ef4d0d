package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Brings a block's files into `incoming/` by hard links, so that the source may delete its own names.
/// Where links are not possible the bytes are copied, and counted.
final class BlockTaker {
    private final Disk disk;
    private final DurableFiles files;
    private final Links links;

    BlockTaker(Disk disk) {
        this.disk = disk;
        this.files = new DurableFiles(disk);
        this.links = new Links(disk);
    }

    /// @throws BlockVanishedException if the source deletes the block meanwhile
    ItemRecord take(BlockId id, Path source, Path destination, Instant now) throws IOException {
        Path tmp = destination.resolveSibling(id + DurableFiles.TMP);
        if (Files.exists(tmp)) {
            files.deleteTree(tmp); // what a failed try could not clean up
        }
        try {
            disk.createDirectory(tmp);
            long copiedBytes = bring(source, tmp);
            ItemRecord record = new ItemRecord(
                    ItemKind.BLOCK,
                    id,
                    source.toString(),
                    now,
                    BlockFiles.sizeBytes(tmp),
                    copiedBytes,
                    List.of(),
                    Optional.empty());
            disk.write(tmp.resolve(ItemRecord.FILE), record.toJson());
            disk.forceDirectory(tmp); // before the rename: an item that is visible is whole
            files.move(tmp, destination); // commit point: from here on the source may delete the block
            return record;
        } catch (IOException | RuntimeException e) {
            cleanUp(tmp, e);
            throw e;
        }
    }

    private void cleanUp(Path tmp, Exception cause) {
        try {
            if (Files.exists(tmp)) {
                files.deleteTree(tmp);
            }
        } catch (IOException cleaning) {
            cause.addSuppressed(cleaning); // the next open of the spool does it
        }
    }

    /// Brings each file that is there, and returns how many bytes had to be copied. A file that is
    /// missing though the block is not is left to the verifier: the source renames a block away before
    /// it deletes the files, so a path that still leads to the block means that the file never was.
    private long bring(Path source, Path tmp) throws IOException {
        try {
            long copied = 0;
            Path chunks = tmp.resolve(BlockFiles.CHUNKS);
            disk.createDirectory(chunks);
            for (Path segment : BlockFiles.segments(source)) {
                copied += links.linkOrCopy(segment, chunks.resolve(segment.getFileName()));
            }
            disk.forceDirectory(chunks);
            for (String name : new String[] {BlockFiles.INDEX, BlockFiles.META, BlockFiles.TOMBSTONES}) {
                copied += linkOrCopyIfThere(source.resolve(name), tmp.resolve(name));
            }
            requireBlock(source, tmp);
            return copied;
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new BlockVanishedException(source, e);
        }
    }

    private static void requireBlock(Path source, Path tmp) throws IOException {
        boolean whole = Files.exists(tmp.resolve(BlockFiles.META)) && Files.exists(tmp.resolve(BlockFiles.INDEX));
        if (!whole && !Files.isDirectory(source)) {
            throw new NoSuchFileException(source.toString());
        }
    }

    private long linkOrCopyIfThere(Path from, Path to) throws IOException {
        try {
            return links.linkOrCopy(from, to);
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(from.resolveSibling("."))) {
                throw e;
            }
            return 0;
        }
    }
}
