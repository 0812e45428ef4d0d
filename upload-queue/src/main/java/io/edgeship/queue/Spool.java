package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.DirectoryLock;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a source has finished and the bucket does not hold yet: a directory of self-describing items,
/// maildir style. The package page draws it.
///
/// An item is in one [Place] and moves by atomic renames: `incoming/` ([#take]), `ready/` ([#seal]), then
/// only a record in `shipped/` ([#shipped]), or `quarantine/`. Each method is durable when it returns and
/// leaves, wherever a crash or a power cut stops it, a state that [#open] finishes or undoes, by a scan.
///
/// One process owns a spool at a time, by a lock. Thread-safe: the methods take turns.
public final class Spool implements AutoCloseable {
    /// A spool beside its source's data is named so; the source's own files never are.
    public static final String DIRECTORY_NAME = "edgeship-spool";

    private final SpoolLayout layout;
    private final @Nullable DirectoryLock lock;
    private final String incarnation;
    private final InstantSource clock;
    private final DurableFiles files;
    private final Arrivals arrivals;
    private final Items items;
    private final Losses losses;
    private final ShippedRecords shippedRecords;
    private final Departures departures;
    private final RewrittenBlocks rewritten;
    private final Packs packs;
    private final Segments segments;

    private Spool(SpoolLayout layout, @Nullable DirectoryLock lock, Disk disk, InstantSource clock) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.clock = clock;
        incarnation = layout.incarnation();
        files = new DurableFiles(disk);
        items = new Items(layout);
        arrivals = new Arrivals(layout, disk, items);
        losses = new Losses(layout, files);
        shippedRecords = new ShippedRecords(layout, files);
        departures = new Departures(layout, files, items, losses, shippedRecords);
        rewritten = new RewrittenBlocks(layout, disk, items, shippedRecords, departures);
        packs = new Packs(this, layout, disk);
        segments = new Segments(this, layout, disk, items);
    }

    /// Opens the spool in `dir`, creating it (but not the directory above it) if it is missing, and finishes what a
    /// crash interrupted.
    ///
    /// @throws SpoolLockedException if another process has it open
    /// @throws io.edgeship.block.encoding.UnsupportedVersionException if a newer agent made it
    public static Spool open(Path dir) throws IOException {
        return open(dir, Disk.system(), InstantSource.system());
    }

    /// As [#open], on a disk and with a clock of a test.
    public static Spool open(Path dir, Disk disk, InstantSource clock) throws IOException {
        Path root = dir.toAbsolutePath();
        if (!Files.isDirectory(root)) {
            disk.createDirectory(root);
            disk.forceDirectory(root.resolveSibling("."));
        }
        SpoolLayout layout = new SpoolLayout(root);
        DirectoryLock lock = layout.lock();
        try {
            layout.create(disk);
            Spool spool = new Spool(layout, lock, disk, clock);
            new Recovery(layout, spool.files, spool.items, spool.losses, spool.departures, spool.packs, clock).run();
            return spool;
        } catch (IOException | RuntimeException | Error e) {
            try {
                lock.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /// Opens an existing spool for looking only, beside its owner: nothing is locked, finished or created, and
    /// methods that change anything throw. What is listed may be moving on meanwhile.
    public static Spool look(Path dir) throws IOException {
        SpoolLayout layout = new SpoolLayout(dir.toAbsolutePath());
        layout.checkVersion();
        return new Spool(layout, null, Disk.readOnly(), InstantSource.system());
    }

    public Path dir() {
        return layout.root();
    }

    /// 32 hex letters, random, made once when the spool was created: two boxes of one name differ in it.
    public String incarnation() {
        return incarnation;
    }

    /// Takes a block in: hard-links `chunks/*`, `index`, `meta.json` and `tombstones`, or copies them where
    /// links are not possible. Once it returns, the source may delete the block. A block that is in
    /// `incoming/` already is not taken again.
    ///
    /// @throws BlockVanishedException if the source deletes the block meanwhile; nothing is left behind
    /// @throws java.nio.file.AccessDeniedException if the kernel forbids the link; the message says what to do
    /// @throws IllegalStateException if the block is elsewhere in the spool: ask [#find] first
    public synchronized Incoming take(BlockId id, Path sourceBlock) throws IOException {
        Path destination = layout.item(Place.INCOMING, id);
        Optional<Place> place = find(id);
        if (place.isEmpty()) {
            arrivals.take(id, sourceBlock, clock.instant());
        } else if (place.get() != Place.INCOMING) {
            throw new IllegalStateException(id + " is in " + place.get().directory() + " already");
        }
        return items.read(Place.INCOMING, id).incoming(destination);
    }

    /// Where blocks are written anew before [#takeRewritten] takes them in. Emptied when the spool is opened.
    public Path workshop() {
        return layout.workshop();
    }

    /// Takes in a block that was written anew in the [#workshop], in the place of `parents`, which go from
    /// `incoming/` and `ready/`. They are replaced whole or not at all, wherever a crash comes. The caller has made
    /// sure that none of them is on its way.
    ///
    /// @param dir     named by its ULID, complete and forced
    /// @param origins level-1 blocks whose samples it holds; what it is shipped as
    ///     later says so too ([ShippedRecord])
    /// @param parents none for a part that was cut out of a block which stays
    /// @throws IllegalStateException if a block of this ULID is in the spool already
    public synchronized Incoming takeRewritten(Path dir, List<BlockId> origins, Collection<BlockId> parents)
            throws IOException {
        return rewritten.take(dir, origins, parents, Optional.empty(), clock.instant());
    }

    /// As [#takeRewritten] for a block that holds less than the one it replaces, with the record of that loss (I3).
    ///
    /// @param loss of `raw`
    public synchronized Incoming takeThinned(Path dir, List<BlockId> origins, BlockId raw, Loss loss)
            throws IOException {
        Losses.require(raw, loss);
        return rewritten.take(dir, origins, List.of(raw), Optional.of(loss), clock.instant());
    }

    /// Lets go of waiting blocks of which nothing is to be shipped: deleted series, or dropped by a rule. A record in
    /// `shipped/` that covers no time stands for each, so that it is not taken again.
    public synchronized void nothingLeft(Collection<BlockId> ids) throws IOException {
        rewritten.nothingLeft(ids, clock.instant());
    }

    /// The level-1 blocks whose samples an item holds, where the agent wrote it anew; empty for a block as the source
    /// made it, whose `meta.json` says so.
    ///
    /// @throws NoSuchFileException if the spool has no bytes of the block
    public synchronized List<BlockId> origins(BlockId id) throws IOException {
        return items.read(departures.withBytes(id), id).origins();
    }

    /// Its items of log chunks.
    public Segments segments() {
        return segments;
    }

    /// What was recorded as lost is not: forgets the record.
    public synchronized void forgetLoss(BlockId id) throws IOException {
        losses.forget(id);
    }

    /// What was taken and not sealed, by ULID.
    public synchronized List<Incoming> incoming() throws IOException {
        departures.finishOrders();
        return items.in(Place.INCOMING).items().stream()
                .map(record -> record.incoming(layout.item(Place.INCOMING, record.id())))
                .toList();
    }

    /// Gives an incoming block the meta.json that it is shipped with, and makes it ready. The source's own
    /// meta.json keeps its bytes. Sealing a ready block again changes nothing and returns it as it is.
    ///
    /// @throws NoSuchFileException if the block is neither incoming nor ready
    public synchronized Item seal(BlockId id, BlockMeta sealedMeta) throws IOException {
        return arrivals.seal(id, sealedMeta, clock.instant());
    }

    /// What is to be shipped, oldest data first.
    public synchronized List<Item> ready() throws IOException {
        departures.finishOrders();
        return items.in(Place.READY).items().stream()
                .map(record -> record.item(layout.item(Place.READY, record.id())))
                .sorted(Comparator.comparingLong((Item item) -> item.range().minTime())
                        .thenComparing(Item::id))
                .toList();
    }

    /// The packs of what is ready.
    public Packs packs() {
        return packs;
    }

    /// Removes those `parents` that were not shipped yet, for `merged` holds all their samples. Parents in
    /// quarantine stay: what is wrong with them is a person's affair.
    ///
    /// @throws NoSuchFileException if `merged` is neither incoming nor ready; nothing is removed then
    public synchronized void replaceParents(BlockId merged, Collection<BlockId> parents) throws IOException {
        departures.replaceParents(merged, parents);
    }

    /// Notes that the bucket confirmed a ready item, and removes its bytes (I2). Saying so again returns the record
    /// made first.
    ///
    /// @param at by the store's clock
    public synchronized ShippedRecord shipped(Item item, Instant at) throws IOException {
        return departures.shipped(item.id(), at);
    }

    /// Takes note of a block that somebody else shipped before this spool existed.
    public synchronized void adopt(ShippedRecord record) throws IOException {
        shippedRecords.put(record);
    }

    /// What was shipped and not forgotten, by ULID; without those whose file is damaged.
    public synchronized List<ShippedRecord> shippedRecords() throws IOException {
        return shippedRecords.all();
    }

    /// Forgets that a block was shipped, once its source is gone.
    public synchronized void forgetShipped(BlockId id) throws IOException {
        shippedRecords.forget(id);
    }

    /// Sets an incoming or ready item aside with its bytes, and records the loss (I3, I5).
    public synchronized void quarantine(BlockId id, Loss loss) throws IOException {
        departures.quarantine(id, loss);
    }

    public synchronized List<Quarantined> quarantined() throws IOException {
        return items.quarantined();
    }

    /// Takes an item out of quarantine, to where it was, and forgets its loss record.
    public synchronized void retry(BlockId id) throws IOException {
        departures.retry(id);
    }

    /// Deletes an item, wherever it is, and records the loss.
    public synchronized void drop(BlockId id, Loss loss) throws IOException {
        departures.drop(id, loss);
    }

    /// Records a loss, in the place of an earlier one of the same ULID.
    public synchronized void recordLoss(Loss loss) throws IOException {
        losses.record(loss);
    }

    /// Every loss record, by ULID.
    public synchronized List<Loss> losses() throws IOException {
        return losses.all();
    }

    /// Where the block is, items of a newer version included; empty if the spool knows nothing of it.
    public synchronized Optional<Place> find(BlockId id) {
        return departures.find(id);
    }

    /// @param bytes       of all items, links and copies alike
    /// @param copiedBytes how much of that are copies: what the spool costs beyond the source's own files
    public record Holding(long bytes, long copiedBytes) {}

    /// What the items that are not shipped hold.
    public synchronized Holding holding() throws IOException {
        return items.holding();
    }

    /// Keeps a small file of the source's own in the spool's directory, replaced whole.
    ///
    /// @param name none of those on the package page, and without `.tmp`
    public synchronized void keep(String name, byte[] content) throws IOException {
        files.replace(layout.root(), name, content);
    }

    /// What [#keep] kept.
    public synchronized Optional<byte[]> kept(String name) throws IOException {
        Path file = layout.root().resolve(name);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /// How many items a newer agent wrote. They are left as they are.
    public synchronized int newerItems() throws IOException {
        return items.newer();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
