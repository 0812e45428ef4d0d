package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records in `shipped/`, read from disk once, and again after a write that failed, for what it wrote may be there
/// all the same: every scan asks for all of them. The spool's monitor guards them.
final class ShippedRecords {
    private static final Log LOG = Log.of(ShippedRecords.class);
    private static final String JSON = ".json";

    private final SpoolLayout layout;
    private final DurableFiles files;
    private @Nullable SortedMap<BlockId, ShippedRecord> read;

    ShippedRecords(SpoolLayout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    List<ShippedRecord> all() throws IOException {
        return List.copyOf(records().values());
    }

    void put(ShippedRecord record) throws IOException {
        SortedMap<BlockId, ShippedRecord> records = records();
        String name = String.valueOf(layout.shippedRecord(record.id()).getFileName());
        read = null;
        files.replace(layout.place(Place.SHIPPED), name, record.toJson());
        records.put(record.id(), record);
        read = records;
    }

    void forget(BlockId id) throws IOException {
        SortedMap<BlockId, ShippedRecord> records = records();
        read = null;
        if (Files.exists(layout.shippedRecord(id))) {
            files.delete(layout.shippedRecord(id));
        }
        records.remove(id);
        read = records;
    }

    private SortedMap<BlockId, ShippedRecord> records() throws IOException {
        SortedMap<BlockId, ShippedRecord> records = read;
        if (records == null) {
            records = new TreeMap<>();
            for (Path file : DurableFiles.children(layout.place(Place.SHIPPED))) {
                if (file.toString().endsWith(JSON)) {
                    read(file, records);
                }
            }
            read = records;
        }
        return records;
    }

    /// Without its record a block still counts as shipped, for the file is there; only its lineage is lost.
    private static void read(Path file, SortedMap<BlockId, ShippedRecord> records) throws IOException {
        try {
            ShippedRecord record = ShippedRecord.read(file);
            records.put(record.id(), record);
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            LOG.warn("shipped record left out", e, "file", file);
        }
    }
}
