package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Puts a block that was written anew in the place of those it was made of. The spool's monitor guards it.
final class RewrittenBlocks {
    private static final TimeRange NO_TIME = new TimeRange(0, 0);

    private final SpoolLayout layout;
    private final Disk disk;
    private final DurableFiles files;
    private final Items items;
    private final ShippedRecords shippedRecords;
    private final Departures departures;

    RewrittenBlocks(SpoolLayout layout, Disk disk, Items items, ShippedRecords shippedRecords, Departures departures) {
        this.layout = layout;
        this.disk = disk;
        files = new DurableFiles(disk);
        this.items = items;
        this.shippedRecords = shippedRecords;
        this.departures = departures;
    }

    /// @param loss of a parent, where not all of its samples are in the new block
    Incoming take(Path dir, List<BlockId> origins, Collection<BlockId> parents, Optional<Loss> loss, Instant now)
            throws IOException {
        BlockId id = BlockId.parse(String.valueOf(dir.getFileName()));
        if (!dir.startsWith(layout.workshop())) {
            throw new IllegalArgumentException(dir + " is not in the workshop");
        }
        if (origins.isEmpty() || parents.contains(id)) {
            throw new IllegalArgumentException("%s of %s in the place of %s".formatted(id, origins, parents));
        }
        departures.finishOrders();
        Optional<Place> place = departures.find(id);
        Path destination = layout.item(Place.INCOMING, id);
        if (place.equals(Optional.of(Place.INCOMING))
                && items.read(Place.INCOMING, id).origins().equals(origins)) {
            files.deleteTree(dir); // a disk without room stopped us behind the commit point
            return items.read(Place.INCOMING, id).incoming(destination);
        }
        if (place.isPresent()) {
            throw new IllegalStateException(id + " is in " + place.get().directory() + " already");
        }
        ItemRecord record = new ItemRecord(
                ItemKind.BLOCK,
                id,
                "",
                now,
                BlockFiles.sizeBytes(dir),
                BlockFiles.sizeBytes(dir),
                origins,
                Optional.empty());
        disk.write(dir.resolve(ItemRecord.FILE), record.toJson());
        if (loss.isPresent()) {
            disk.write(dir.resolve(SpoolLayout.THINS), loss.get().toByteArray());
        }
        if (!parents.isEmpty()) {
            disk.write(dir.resolve(SpoolLayout.REPLACES), Departures.order(SpoolJson.texts(parents)));
        }
        disk.forceDirectory(dir);
        departures.expectOrder(id);
        files.move(dir, destination); // commit point: the order to remove the parents comes along with it
        items.put(Place.INCOMING, record);
        if (!parents.isEmpty()) {
            departures.finishReplace(Place.INCOMING, id);
        }
        return record.incoming(destination);
    }

    void nothingLeft(Collection<BlockId> ids, Instant now) throws IOException {
        for (BlockId id : ids) {
            Place place = departures.waiting(id);
            ItemRecord record = items.read(place, id);
            BlockMeta meta = BlockMeta.read(layout.item(place, id).resolve(BlockFiles.META));
            // Commit point: the record. What is left of the item when a crash comes is removed by recovery.
            shippedRecords.put(new ShippedRecord(
                    id,
                    NO_TIME,
                    meta.compaction().level(),
                    record.origins().isEmpty() ? meta.compaction().sources() : record.origins(),
                    record.source(),
                    0,
                    now));
            departures.remove(place, id);
        }
    }
}
