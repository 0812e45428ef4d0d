package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.DirectoryLock;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A source's spool on disk; the layout is on the package's page. After a crash at any moment, opening it again finds
/// every
/// item in exactly one place, or in the place it was moving from.
///
/// One thread changes it; the listings may be called from any.
public final class Spool implements AutoCloseable {
    /// A spool beside its source's data is named so; the source's own files never are.
    public static final String DIRECTORY_NAME = "edgeship-spool";

    private static final String LOSS_FILE = "loss.pb";

    private final SpoolLayout layout;
    private final DurableFiles files;
    private final Disk disk;
    private final BlockTaker taker;
    private final @Nullable DirectoryLock lock;
    private final String incarnation;

    private Spool(
            SpoolLayout layout, Disk disk, InstantSource clock, @Nullable DirectoryLock lock, String incarnation) {
        this.layout = layout;
        this.disk = disk;
        this.files = new DurableFiles(disk);
        this.taker = new BlockTaker(disk, clock);
        this.lock = lock;
        this.incarnation = incarnation;
    }

    /// Creates the spool if it is missing, locks it, and finishes what a crash left half done.
    ///
    /// @throws SpoolLockedException if another agent has it
    public static Spool open(Path dir) throws IOException {
        return open(dir, Disk.system(), InstantSource.system());
    }

    static Spool open(Path dir, Disk disk, InstantSource clock) throws IOException {
        SpoolLayout layout = new SpoolLayout(dir, disk);
        Files.createDirectories(dir);
        DirectoryLock lock;
        try {
            lock = DirectoryLock.acquire(dir, "lock");
        } catch (DirectoryLock.LockedException e) {
            throw new SpoolLockedException(dir, e.holder(), e);
        }
        try {
            String incarnation = layout.create();
            Spool spool = new Spool(layout, disk, clock, lock, incarnation);
            spool.recover();
            return spool;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// Opens an existing spool beside its owner, for looking only: a method that changes anything must not be called.
    public static Spool look(Path dir) throws IOException {
        SpoolLayout layout = new SpoolLayout(dir, Disk.system());
        return new Spool(layout, Disk.system(), InstantSource.system(), null, layout.incarnation());
    }

    private void recover() throws IOException {
        for (Place place : Place.values()) {
            for (Path entry : DurableFiles.children(layout.of(place))) {
                if (entry.toString().endsWith(DurableFiles.TMP)) {
                    files.deleteTree(entry);
                }
            }
        }
        for (ShippedRecord record : shippedRecords()) {
            removeItem(Place.READY, record.id()); // a crash between the record and the removal
        }
    }

    public Path dir() {
        return layout.dir();
    }

    /// 32 hex letters, made once when the spool was created.
    public String incarnation() {
        return incarnation;
    }

    /// Links the block's files into `incoming/`. One that is in the spool already is left as it is.
    ///
    /// @throws BlockVanishedException if the source deletes the block meanwhile; nothing of it is left then
    public void take(BlockId id, Path sourceBlock) throws IOException {
        if (find(id).isPresent()) {
            return;
        }
        Path target = layout.item(Place.INCOMING, id);
        Path unfinished = target.resolveSibling(id + DurableFiles.TMP);
        files.deleteTree(unfinished);
        try {
            taker.take(id, sourceBlock, unfinished);
            files.move(unfinished, target); // commit point: the block is ours
        } catch (IOException e) {
            try {
                files.deleteTree(unfinished);
            } catch (IOException cleaning) {
                e.addSuppressed(cleaning);
            }
            throw e;
        }
    }

    /// What is linked and waits to be sealed, oldest ULID first.
    public List<Incoming> incoming() throws IOException {
        List<Incoming> items = new ArrayList<>();
        for (Path dir : layout.items(Place.INCOMING)) {
            ItemRecord item = ItemRecord.read(dir);
            items.add(new Incoming(
                    item.id(),
                    dir,
                    item.source(),
                    Instant.ofEpochMilli(item.takenAtMillis()),
                    item.sizeBytes(),
                    item.copiedBytes()));
        }
        return items;
    }

    /// Gives the item its final meta.json and moves it to `ready/`. The source's own meta.json stays as it is.
    public void seal(BlockId id, BlockMeta sealedMeta) throws IOException {
        Path dir = layout.item(Place.INCOMING, id);
        files.replace(dir, BlockFiles.META, sealedMeta.toJson()); // a new file: the link to the source's is given up
        files.move(dir, layout.item(Place.READY, id)); // commit point: it will be shipped
    }

    /// What is to be shipped, oldest data first.
    public List<Item> ready() throws IOException {
        List<Item> items = new ArrayList<>();
        for (Path dir : layout.items(Place.READY)) {
            ItemRecord item = ItemRecord.read(dir);
            BlockMeta meta = BlockMeta.read(dir.resolve(BlockFiles.META));
            items.add(new Item(
                    item.id(),
                    meta.range(),
                    dir,
                    item.source(),
                    Instant.ofEpochMilli(item.takenAtMillis()),
                    item.sizeBytes(),
                    item.copiedBytes()));
        }
        items.sort(
                Comparator.comparingLong((Item item) -> item.range().minTime()).thenComparing(Item::id));
        return items;
    }

    /// Removes unsent `parents` whose samples `merged`, which is in the spool, holds.
    public void replaceParents(BlockId merged, Collection<BlockId> parents) throws IOException {
        if (find(merged).isEmpty()) {
            throw new IllegalStateException(merged + " is not in the spool");
        }
        for (BlockId parent : parents) {
            removeItem(Place.INCOMING, parent);
            removeItem(Place.READY, parent);
        }
    }

    /// Records that the bucket confirmed the item, then lets go of its bytes (I2).
    public void shipped(Item item, Instant at) throws IOException {
        BlockMeta meta = item.meta();
        ShippedRecord record = new ShippedRecord(
                item.id(),
                meta.range(),
                meta.compaction().level(),
                meta.compaction().sources(),
                item.source(),
                item.sizeBytes(),
                at);
        files.replace(layout.of(Place.SHIPPED), item.id() + SpoolLayout.JSON, record.toJson()); // commit point
        removeItem(Place.READY, item.id());
    }

    /// Takes note of a block that somebody else shipped before this spool existed.
    public void adopt(ShippedRecord record) throws IOException {
        files.replace(layout.of(Place.SHIPPED), record.id() + SpoolLayout.JSON, record.toJson());
    }

    public List<ShippedRecord> shippedRecords() throws IOException {
        List<ShippedRecord> records = new ArrayList<>();
        for (Path file : DurableFiles.children(layout.of(Place.SHIPPED))) {
            if (file.toString().endsWith(SpoolLayout.JSON)) {
                records.add(ShippedRecord.read(file));
            }
        }
        return records;
    }

    /// Forgets a shipped item: its source block is gone, so it cannot come again.
    public void forgetShipped(BlockId id) throws IOException {
        files.delete(layout.of(Place.SHIPPED).resolve(id + SpoolLayout.JSON));
    }

    /// Sets the item aside, bytes and all, and records the loss (I3).
    public void quarantine(BlockId id, Loss loss) throws IOException {
        recordLoss(loss);
        for (Place place : List.of(Place.INCOMING, Place.READY)) {
            Path dir = layout.item(place, id);
            if (Files.isDirectory(dir)) {
                disk.write(dir.resolve(LOSS_FILE), loss.toByteArray());
                files.move(dir, layout.item(Place.QUARANTINE, id)); // commit point
            }
        }
    }

    public List<Quarantined> quarantined() throws IOException {
        List<Quarantined> items = new ArrayList<>();
        for (Path dir : layout.items(Place.QUARANTINE)) {
            Loss loss = Loss.parseFrom(Files.readAllBytes(dir.resolve(LOSS_FILE)));
            items.add(new Quarantined(ItemRecord.read(dir).id(), dir, loss, BlockFiles.sizeBytes(dir)));
        }
        return items;
    }

    /// Takes a quarantined item back to `incoming/`, where it is verified and sealed anew; its loss record goes.
    public void retry(BlockId id) throws IOException {
        files.move(layout.item(Place.QUARANTINE, id), layout.item(Place.INCOMING, id));
        files.delete(layout.loss(id));
    }

    /// Gives an item up wherever it is. The loss stays on record.
    public void drop(BlockId id, Loss loss) throws IOException {
        recordLoss(loss);
        for (Place place : List.of(Place.INCOMING, Place.READY, Place.QUARANTINE)) {
            removeItem(place, id);
        }
    }

    /// Keeps a loss on disk until it was shipped, and after.
    public void recordLoss(Loss loss) throws IOException {
        Path file = layout.loss(BlockId.parse(loss.getUlid()));
        files.replace(layout.losses(), String.valueOf(file.getFileName()), loss.toByteArray());
    }

    public List<Loss> losses() throws IOException {
        List<Loss> losses = new ArrayList<>();
        for (Path file : DurableFiles.children(layout.losses())) {
            if (!file.toString().endsWith(DurableFiles.TMP)) {
                losses.add(Loss.parseFrom(Files.readAllBytes(file)));
            }
        }
        return losses;
    }

    /// A small file of the source's own beside the items; replaced whole.
    public void keep(String name, byte[] content) throws IOException {
        files.replace(layout.dir(), name, content);
    }

    /// What [#keep] kept.
    public Optional<byte[]> kept(String name) throws IOException {
        Path file = layout.dir().resolve(name);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /// Where the item is, if it is in the spool.
    public Optional<Place> find(BlockId id) {
        for (Place place : List.of(Place.INCOMING, Place.READY, Place.QUARANTINE)) {
            if (Files.isDirectory(layout.item(place, id))) {
                return Optional.of(place);
            }
        }
        boolean shipped = Files.exists(layout.of(Place.SHIPPED).resolve(id + SpoolLayout.JSON));
        return shipped ? Optional.of(Place.SHIPPED) : Optional.empty();
    }

    /// Items that a later agent wrote and that this one leaves as they are.
    public int newerItems() throws IOException {
        return layout.newerItems();
    }

    /// All the bytes that items hold, and how many of them are copies.
    public Holding holding() throws IOException {
        long bytes = 0;
        long copied = 0;
        for (Place place : List.of(Place.INCOMING, Place.READY, Place.QUARANTINE)) {
            for (Path dir : layout.items(place)) {
                ItemRecord item = ItemRecord.read(dir);
                bytes += item.sizeBytes();
                copied += item.copiedBytes();
            }
        }
        return new Holding(bytes, copied);
    }

    /// @param copiedBytes of `bytes`, what could not be linked
    public record Holding(long bytes, long copiedBytes) {}

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    private void removeItem(Place place, BlockId id) throws IOException {
        Path dir = layout.item(place, id);
        if (Files.isDirectory(dir)) {
            files.deleteTree(dir);
        }
    }
}
