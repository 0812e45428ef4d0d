package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.time.Instant;
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
}
