package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Takes over from a sidecar: what its list names counts as shipped. Called once a life of the agent, by one thread.
///
/// @param dataDir    Prometheus'
/// @param shippedAt  when such blocks count as shipped
record Adoption(Path dataDir, Spool spool, Instant shippedAt) {

    /// Blocks that a sidecar lists were shipped by it; also those that Prometheus has merged since.
    void adopt(List<BlockId> shippedBySidecar) throws IOException {
        Set<BlockId> listed = Set.copyOf(shippedBySidecar);
        for (Found block : BlockScan.of(dataDir).blocks()) {
            BlockMeta meta = block.meta();
            adopt(listed, meta.id(), meta, meta.range(), meta.compaction().sources());
            for (BlockId source : meta.compaction().sources()) {
                adopt(listed, source, meta, rangeIn(meta, source), List.of(source));
            }
        }
    }

    /// The time of one that a block was merged from; of one that is further back, all of the block's.
    private static TimeRange rangeIn(BlockMeta meta, BlockId source) {
        return meta.compaction().parents().stream()
                .filter(parent -> parent.id().equals(source))
                .map(BlockMeta.Parent::range)
                .findFirst()
                .orElse(meta.range());
    }

    /// @param meta of the block itself, or of one that was merged from it
    private void adopt(Set<BlockId> listed, BlockId id, BlockMeta meta, TimeRange range, List<BlockId> sources)
            throws IOException {
        if (listed.contains(id) && spool.find(id).isEmpty()) {
            int level = sources.size() == 1 ? 1 : meta.compaction().level();
            String source = dataDir.resolve(id.toString()).toString();
            spool.adopt(new ShippedRecord(id, range, level, sources, source, 0, shippedAt));
        }
    }
}
