package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Brings a spool back to order after a crash, by a scan. Every step can be cut short and repeated.
final class Recovery {
    private static final Log LOG = Log.of(Recovery.class);

    private final SpoolLayout layout;
    private final DurableFiles files;
    private final Items items;
    private final Losses losses;
    private final Departures departures;
    private final Packs packs;
    private final InstantSource clock;

    Recovery(
            SpoolLayout layout,
            DurableFiles files,
            Items items,
            Losses losses,
            Departures departures,
            Packs packs,
            InstantSource clock) {
        this.layout = layout;
        this.files = files;
        this.items = items;
        this.losses = losses;
        this.departures = departures;
        this.packs = packs;
        this.clock = clock;
    }

    void run() throws IOException {
        List<Path> directories =
                new ArrayList<>(Arrays.stream(Place.values()).map(layout::place).toList());
        directories.add(layout.losses());
        directories.add(layout.root());
        for (Path directory : directories) {
            clean(directory);
        }
        for (Path unfinished : DurableFiles.children(layout.workshop())) {
            files.deleteTree(unfinished); // its parents are where they were
        }
        for (Place place : Departures.WITH_BYTES) {
            for (BlockId id : items.ids(place)) {
                if (Files.isDirectory(layout.item(place, id))) { // else the one before it has just replaced it
                    settle(place, id);
                }
            }
        }
    }

    /// What ends in `.tmp` never became anything, or is no longer wanted.
    private void clean(Path directory) throws IOException {
        for (Path child : DurableFiles.children(directory)) {
            if (child.toString().endsWith(DurableFiles.TMP)) {
                files.deleteTree(child);
            }
        }
    }

    private void settle(Place place, BlockId id) throws IOException {
        Path dir = layout.item(place, id);
        try {
            items.read(place, id);
        } catch (UnsupportedVersionException _) {
            return; // a newer agent's item is not ours to touch; newerItems() counts it
        } catch (CorruptFormatException | NoSuchFileException e) {
            rebuild(place, id, e);
            return; // settled by the scan that finds it in its new state
        }
        clean(dir);
        finish(place, id);
    }

    /// Finishes what the files in the item say was begun.
    private void finish(Place place, BlockId id) throws IOException {
        Path dir = layout.item(place, id);
        packs.tidy(dir);
        if (place != Place.QUARANTINE && Files.exists(layout.shippedRecord(id))) {
            departures.remove(place, id);
        } else if (Files.exists(dir.resolve(SpoolLayout.DROP))) {
            departures.finishDrop(place, id);
        } else if (place == Place.QUARANTINE) {
            recordLoss(dir);
        } else {
            if (Files.exists(dir.resolve(SpoolLayout.LOSS))) {
                departures.finishRetry(place, id);
            }
            if (Files.exists(dir.resolve(SpoolLayout.REPLACES))) {
                departures.finishReplace(place, id);
            }
            if (place == Place.READY && SegmentFiles.isSegment(dir)) {
                finishSegment(dir, id);
            }
        }
    }

    /// Its list says what it holds: chunks may have left it, and nothing else was done about them.
    private void finishSegment(Path dir, BlockId id) throws IOException {
        try {
            Segment segment = SegmentFiles.read(dir);
            ItemRecord record = items.read(Place.READY, id);
            if (record.sizeBytes() != segment.sizeBytes()) {
                ItemRecord smaller = record.sized(segment.sizeBytes(), record.copiedBytes());
                files.replace(dir, ItemRecord.FILE, smaller.toJson());
                items.put(Place.READY, smaller);
            }
            Set<String> named =
                    segment.chunks().stream().map(Segment.Chunk::link).collect(Collectors.toSet());
            for (String link : SegmentFiles.links(dir)) {
                if (!named.contains(link)) {
                    files.deleteTree(SegmentFiles.link(dir, link));
                }
            }
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException e) {
            LOG.debug("list of a segment cannot be read, sending it sets it aside", "item", dir, "err", e.getMessage());
        }
    }

    private void recordLoss(Path dir) throws IOException {
        Path file = dir.resolve(SpoolLayout.LOSS);
        if (Files.exists(file)) {
            Loss loss = Losses.read(file);
            if (!losses.has(BlockId.parse(loss.getUlid()))) {
                losses.record(loss);
            }
        }
    }

    /// A damaged `item.json` costs little: the block describes itself. A ready block whose `meta.json` is
    /// damaged too can no longer be shipped as it was sealed, and is set aside.
    private void rebuild(Place place, BlockId id, IOException damage) throws IOException {
        LOG.warn("item.json is damaged, made again from the block", damage, "block", id, "place", place);
        Path dir = layout.item(place, id);
        clean(dir);
        ItemRecord record = ItemRecord.rebuild(dir, id, clock.instant());
        boolean sound = true;
        if (place == Place.READY) {
            try {
                record = sealedAgain(record, dir);
            } catch (CorruptFormatException | NoSuchFileException _) {
                sound = false; // its item.json is damaged as well: see the loss record below
            }
        }
        files.replace(dir, ItemRecord.FILE, record.toJson());
        if (sound) {
            finish(place, id);
        } else {
            departures.quarantine(id, lossOf(id, damage));
        }
    }

    private ItemRecord sealedAgain(ItemRecord record, Path dir) throws IOException {
        return switch (record.kind()) {
            case BLOCK ->
                record.sealed(BlockMeta.read(dir.resolve(BlockFiles.META)).range(), clock.instant());
            case LOGS -> {
                Segment segment = SegmentFiles.read(dir);
                yield record.sized(segment.sizeBytes(), 0).sealed(segment.range(), clock.instant());
            }
        };
    }

    private Loss lossOf(BlockId id, IOException damage) throws IOException {
        return Loss.newBuilder()
                .setVersion(SiteMessages.VERSION)
                .setIncarnation(layout.incarnation())
                .setUlid(id.toString())
                .setReason(Loss.Reason.REASON_CORRUPT)
                .setDetail("item.json is damaged, and so is what it could be made of: " + damage.getMessage())
                .setRecordedAtMs(clock.millis())
                .build();
    }
}
