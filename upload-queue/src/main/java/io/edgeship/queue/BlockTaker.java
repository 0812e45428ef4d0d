package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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

    BlockTaker(Disk disk) {
        this.disk = disk;
        this.files = new DurableFiles(disk);
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
                    id, source.toString(), now, BlockFiles.sizeBytes(tmp), copiedBytes, List.of(), Optional.empty());
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
                copied += linkOrCopy(segment, chunks.resolve(segment.getFileName()));
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
            return linkOrCopy(from, to);
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(from.resolveSibling("."))) {
                throw e;
            }
            return 0;
        }
    }

    /// Returns the bytes copied: 0 for a link.
    private long linkOrCopy(Path from, Path to) throws IOException {
        try {
            disk.link(to, from);
            disk.forceFile(to); // costs nothing where the source has forced it, as Prometheus does
            return 0;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            rejectForeignOwner(from, to, e);
            disk.copy(from, to);
            return Files.size(to);
        }
    }

    /// A link is refused for two reasons that matter: the spool is on another mount, or the file system
    /// has no links (copying helps); or the file belongs to another user (a person must help). The kernel
    /// says EPERM both for FAT and for `fs.protected_hardlinks`, so the owner decides.
    private static void rejectForeignOwner(Path from, Path to, FileSystemException refused) throws IOException {
        Object owner = Files.getAttribute(from, "unix:uid");
        Path spoolDirectory = to.resolveSibling(".");
        Object self = Files.getAttribute(spoolDirectory, "unix:uid");
        if (owner.equals(self) || isCrossDevice(refused)) {
            return;
        }
        AccessDeniedException denied = new AccessDeniedException(
                from.toString(),
                to.toString(),
                ("uid %s may not hard-link a file of uid %s (%s): run the agent under the user that owns the blocks, "
                                + "in Kubernetes by leaving runAsUser out of the agent's container so that the pod's "
                                + "applies; fs.protected_hardlinks forbids it to others")
                        .formatted(self, owner, refused.getReason()));
        denied.initCause(refused);
        throw denied;
    }

    private static boolean isCrossDevice(FileSystemException e) {
        String reason = e.getReason();
        return reason != null && reason.contains("cross-device"); // EXDEV, as the C library puts it
    }
}
