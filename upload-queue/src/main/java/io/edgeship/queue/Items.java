package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
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
