package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the item directories. What a directory says is the truth; a record that was read once is
/// remembered, for it changes only through [#put].
final class Items {
    private static final Log LOG = Log.of(Items.class);

    private final SpoolLayout layout;
    private final Map<Path, ItemRecord> known = new HashMap<>();

    Items(SpoolLayout layout) {
        this.layout = layout;
    }

    /// @param newer items of a later version: not ours to touch
    record Found(List<ItemRecord> items, int newer) {}

    /// The items of one place by ULID. Unreadable ones are left out; recovery deals with them on open.
    Found in(Place place) throws IOException {
        List<ItemRecord> items = new ArrayList<>();
        int newer = 0;
        for (BlockId id : ids(place)) {
            try {
                items.add(read(place, id));
            } catch (UnsupportedVersionException _) {
                newer++; // counted is all that may be done with it
            } catch (CorruptFormatException | NoSuchFileException e) {
                LOG.warn("item left out until the spool is opened again", e, "block", id, "place", place);
            }
        }
        return new Found(items, newer);
    }

    /// What those that are not shipped hold.
    Spool.Holding holding() throws IOException {
        long bytes = 0;
        long copied = 0;
        for (Place place : Departures.WITH_BYTES) {
            for (ItemRecord record : in(place).items()) {
                Path dir = layout.item(place, record.id());
                Path pack = dir.resolve(Packs.FILE);
                long packBytes = Files.exists(pack) ? Files.size(pack) : 0;
                boolean hasFiles = packBytes == 0 || Files.exists(dir.resolve(BlockFiles.INDEX));
                bytes += packBytes + (hasFiles ? record.sizeBytes() : 0);
                copied += packBytes + (hasFiles ? record.copiedBytes() : 0);
            }
        }
        return new Spool.Holding(bytes, copied);
    }

    /// How many are of a later version.
    int newer() throws IOException {
        int newer = 0;
        for (Place place : Departures.WITH_BYTES) {
            newer += in(place).newer();
        }
        return newer;
    }

    List<Quarantined> quarantined() throws IOException {
        List<Quarantined> quarantined = new ArrayList<>();
        for (ItemRecord record : in(Place.QUARANTINE).items()) {
            Path dir = layout.item(Place.QUARANTINE, record.id());
            Loss loss = Losses.readIfThere(dir.resolve(SpoolLayout.LOSS)).orElseGet(Loss::getDefaultInstance);
            quarantined.add(
                    new Quarantined(record.id(), dir, loss, record.seal().isPresent(), record.sizeBytes()));
        }
        return quarantined;
    }

    /// The ULIDs of the directories in a place, in order.
    List<BlockId> ids(Place place) throws IOException {
        List<BlockId> ids = new ArrayList<>();
        for (Path child : DurableFiles.children(layout.place(place))) {
            Optional<BlockId> id = BlockId.tryParse(child.getFileName().toString());
            if (id.isPresent() && Files.isDirectory(child)) {
                ids.add(id.get());
            }
        }
        return ids;
    }

    ItemRecord read(Place place, BlockId id) throws IOException {
        Path dir = layout.item(place, id);
        ItemRecord record = known.get(dir);
        if (record == null) {
            record = ItemRecord.read(dir, id);
            known.put(dir, record);
        }
        return record;
    }

    void put(Place place, ItemRecord record) {
        known.put(layout.item(place, record.id()), record);
    }

    void forget(Place place, BlockId id) {
        known.remove(layout.item(place, id));
    }
}
