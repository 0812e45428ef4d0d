package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;

/// Takes a block out of its source's directory: by hard links, which cost no space and no writes, or by copies where
/// the
/// spool lies on another mount.
final class BlockTaker {
    private final Disk disk;
    private final InstantSource clock;

    BlockTaker(Disk disk, InstantSource clock) {
        this.disk = disk;
        this.clock = clock;
    }

    /// Fills the new directory `target` with the block's files and an item.json, all forced.
    ///
    /// @throws BlockVanishedException if the source goes away meanwhile; the caller removes `target`
    ItemRecord take(BlockId id, Path source, Path target) throws IOException {
        disk.createDirectory(target);
        disk.createDirectory(target.resolve(BlockFiles.CHUNKS));
        long copied = 0;
        try {
            for (Path file : BlockFiles.all(source)) {
                copied += take(file, target.resolve(source.relativize(file).toString()));
            }
            requireWhole(source, target);
        } catch (NoSuchFileException e) {
            throw new BlockVanishedException(source, e);
        }
        ItemRecord item = new ItemRecord(id, source.toString(), clock.millis(), BlockFiles.sizeBytes(target), copied);
        disk.write(target.resolve(ItemRecord.FILE_NAME), item.toJson());
        disk.forceDirectory(target.resolve(BlockFiles.CHUNKS));
        disk.forceDirectory(target);
        return item;
    }

    /// Returns how many bytes had to be copied.
    private long take(Path file, Path target) throws IOException {
        try {
            disk.link(target, file);
            return 0;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw new IOException(notOurs(file), e);
        } catch (FileSystemException e) {
            String reason = String.valueOf(e.getReason());
            if (reason.contains("Operation not permitted")) {
                throw new IOException(notOurs(file), e);
            }
            if (!reason.contains("cross-device") && !reason.contains("Invalid cross-device link")) {
                throw e;
            }
            disk.copy(file, target); // another mount: a link cannot reach it
            return Files.size(target);
        }
    }

    private static String notOurs(Path file) {
        return "linking %s: not permitted. The agent must run as the user that owns the file (runAsUser of the source's pod)"
                .formatted(file);
    }

    /// A deletion that raced us may have taken segments before we listed them: what was listed must still be all there
    /// is.
    private static void requireWhole(Path source, Path target) throws IOException {
        Files.size(source.resolve(BlockFiles.META)); // NoSuchFileException: being deleted
        for (Path file : BlockFiles.all(source)) {
            Files.size(target.resolve(source.relativize(file).toString()));
        }
        if (!Files.exists(target.resolve(BlockFiles.META))) {
            throw new NoSuchFileException(target.resolve(BlockFiles.META).toString());
        }
    }
}
