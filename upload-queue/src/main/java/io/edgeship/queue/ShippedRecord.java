package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What stays of an item that the bucket confirmed, until its source block is gone
/// ([Spool#forgetShipped]): it decides what was sent.
///
/// @param source    the block's directory that it was taken from; empty if that is no longer known
/// @param level     of compaction
/// @param sources   the block's lineage, `compaction.sources` (I9)
/// @param sizeBytes all the block's files when it was taken
public record ShippedRecord(
        BlockId id,
        TimeRange range,
        int level,
        List<BlockId> sources,
        String source,
        long sizeBytes,
        Instant shippedAt) {
    public ShippedRecord {
        sources = List.copyOf(sources);
    }

    static ShippedRecord read(Path file) throws IOException {
        JsonObject json = JsonObject.parse(file.toString(), Files.readAllBytes(file));
        ItemRecord.requireVersion(file, json);
        List<BlockId> sources = new ArrayList<>();
        for (String source : json.texts("sources")) {
            sources.add(BlockId.tryParse(source).orElseThrow(() -> json.corrupt("sources", "holds '" + source + "'")));
        }
        return new ShippedRecord(
                ItemRecord.idOf(json, "ulid"),
                new TimeRange(json.requiredInteger("minTime"), json.requiredInteger("maxTime")),
                (int) json.integer("level", 1),
                sources,
                json.text("source").orElse(""),
                json.integer("size_bytes", 0),
                Instant.ofEpochMilli(json.integer("shipped_at", 0)));
    }

    byte[] toJson() {
        return JsonObject.empty()
                .with("version", ItemRecord.VERSION)
                .with("ulid", id.toString())
                .with("minTime", range.minTime())
                .with("maxTime", range.maxTime())
                .with("level", level)
                .with("sources", sources.stream().map(BlockId::toString).toList())
                .with("source", source)
                .with("size_bytes", sizeBytes)
                .with("shipped_at", shippedAt.toEpochMilli())
                .toIndentedBytes();
    }
}
