package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// What stays of an item that the bucket confirmed, until its source block is gone
/// ([Spool#forgetShipped]): it decides what was sent.
///
/// @param source    the block's directory that it was taken from; empty if that is no longer known
/// @param level     of compaction; 0 for a segment of log chunks
/// @param sources   level-1 blocks whose samples it holds (I9): `compaction.sources`, or the origins of a block that
///     the agent wrote anew
/// @param sizeBytes all the block's files when it was taken
public record ShippedRecord(
        BlockId id,
        TimeRange range,
        int level,
        List<BlockId> sources,
        String source,
        long sizeBytes,
        Instant shippedAt) {
    private static final int VERSION = 1;

    public ShippedRecord {
        sources = List.copyOf(sources);
    }

    /// @param origins of the item; none for a block as the source made it
    static ShippedRecord of(Item item, List<BlockId> origins, BlockMeta meta, Instant at) {
        return new ShippedRecord(
                item.id(),
                item.range(),
                meta.compaction().level(),
                origins.isEmpty() ? meta.compaction().sources() : origins,
                item.source(),
                item.sizeBytes(),
                at);
    }

    /// Of log chunks: compaction is not for these.
    static ShippedRecord ofSegment(Item item, Instant at) {
        return new ShippedRecord(item.id(), item.range(), 0, List.of(), item.source(), item.sizeBytes(), at);
    }

    static ShippedRecord read(Path file) throws IOException {
        JsonObject json = SpoolJson.read(file);
        long version = json.requiredInteger("version");
        if (version > VERSION) {
            throw new UnsupportedVersionException(file.toString(), Math.toIntExact(version), VERSION);
        }
        return new ShippedRecord(
                id(json),
                SpoolJson.range(json),
                Math.toIntExact(json.requiredInteger("level")),
                SpoolJson.blocks(json, "sources"),
                json.requiredText("source"),
                json.requiredInteger("size_bytes"),
                SpoolJson.instant(json, "shipped_at"));
    }

    private static BlockId id(JsonObject json) throws CorruptFormatException {
        String text = json.requiredText("ulid");
        return BlockId.tryParse(text).orElseThrow(() -> json.corrupt("ulid", "has '" + text + "', not a ULID"));
    }

    byte[] toJson() {
        return JsonObject.empty()
                .with("version", VERSION)
                .with("ulid", id.toString())
                .with("min_time", range.minTime())
                .with("max_time", range.maxTime())
                .with("level", level)
                .with("sources", SpoolJson.texts(sources))
                .with("source", source)
                .with("size_bytes", sizeBytes)
                .with("shipped_at", shippedAt.toString())
                .toIndentedBytes();
    }
}
