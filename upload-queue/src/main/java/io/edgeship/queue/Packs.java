package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.pack.PackContents;
import io.edgeship.block.pack.PackLimits;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The packs of ready items. An item has its block's files, a pack of them, or both; never neither: what the disk says
/// is the truth, and the one goes only while the other is durable. Packs are made, and unpacked, in the spool's
/// workshop. Thread-safe: takes turns with the spool's other methods.
public final class Packs {
    /// In an item's directory.
    static final String FILE = "block.pack";

    private static final PackLimits ANY = new PackLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    private final Spool monitor;
    private final SpoolLayout layout;
    private final Disk disk;
    private final DurableFiles files;

    Packs(Spool monitor, SpoolLayout layout, Disk disk) {
        this.monitor = monitor;
        this.layout = layout;
        this.disk = disk;
        files = new DurableFiles(disk);
    }

    /// Gives a ready item its pack.
    ///
    /// @param pack in the workshop, forced, and found to hold what the item's files are
    public void add(BlockId id, Path pack) throws IOException {
        synchronized (monitor) {
            requireWorkshop(pack);
            files.move(pack, ready(id).resolve(FILE)); // commit point
        }
    }

    /// Lets go of the pack.
    public void drop(BlockId id) throws IOException {
        synchronized (monitor) {
            Path item = ready(id);
            require(Files.exists(item.resolve(BlockFiles.INDEX)), item, "has no files");
            files.delete(item.resolve(FILE));
        }
    }

    /// Lets go of the block's files but for `meta.json`: from here on the pack stands for them.
    public void dropFiles(BlockId id) throws IOException {
        synchronized (monitor) {
            Path item = ready(id);
            require(Files.exists(item.resolve(FILE)), item, "has no pack");
            files.delete(item.resolve(BlockFiles.INDEX)); // commit point: without an index the rest is nothing
            tidy(item);
        }
    }

    /// Gives an item its files back.
    ///
    /// @param unpacked directory in the workshop, forced: what the pack came to
    public void restoreFiles(BlockId id, Path unpacked) throws IOException {
        synchronized (monitor) {
            Path item = ready(id);
            requireWorkshop(unpacked);
            tidy(item);
            if (Files.exists(unpacked.resolve(BlockFiles.CHUNKS))) {
                files.move(unpacked.resolve(BlockFiles.CHUNKS), item.resolve(BlockFiles.CHUNKS));
            }
            files.move(unpacked.resolve(BlockFiles.INDEX), item.resolve(BlockFiles.INDEX)); // commit point
        }
    }

    /// Removes what a kill left of files that went, or had not all come back.
    void tidy(Path item) throws IOException {
        if (!Files.exists(item.resolve(FILE)) || Files.exists(item.resolve(BlockFiles.INDEX))) {
            return;
        }
        if (Files.exists(item.resolve(BlockFiles.CHUNKS))) {
            files.deleteTree(item.resolve(BlockFiles.CHUNKS));
        }
        if (Files.exists(item.resolve(BlockFiles.TOMBSTONES))) {
            files.delete(item.resolve(BlockFiles.TOMBSTONES));
        }
        disk.forceDirectory(item);
    }

    /// What the files of an item come to, though only the pack may be there.
    static long blockBytes(Path item) throws IOException {
        Path pack = item.resolve(FILE);
        if (Files.exists(item.resolve(BlockFiles.INDEX)) || !Files.exists(pack)) {
            return BlockFiles.sizeBytes(item);
        }
        try (FileSource source = FileSource.open(pack)) {
            return PackContents.read(source, ANY).sizeBytes();
        } catch (CorruptFormatException | UnsupportedVersionException _) {
            return Files.size(pack); // the size is for people
        }
    }

    private Path ready(BlockId id) throws NoSuchFileException {
        Path item = layout.item(Place.READY, id);
        if (!Files.isDirectory(item)) {
            throw new NoSuchFileException(item.toString());
        }
        return item;
    }

    private void requireWorkshop(Path path) {
        require(path.startsWith(layout.workshop()), path, "is not in the workshop");
    }

    private static void require(boolean holds, Path path, String problem) {
        if (!holds) {
            throw new IllegalStateException(path + " " + problem);
        }
    }
}
