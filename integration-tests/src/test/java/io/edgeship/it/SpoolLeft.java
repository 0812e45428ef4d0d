package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What an agent that is down has left in its spool.
///
/// @param samples  of the blocks in it
/// @param blocks   that are in it, each with the time where it begins
/// @param losses   their times, from its loss records
/// @param maxTime  exclusive: the end of the newest block that the agent has known, shipped ones too; 0 if it knew none
record SpoolLeft(Samples samples, Map<BlockId, Long> blocks, List<TimeRange> losses, long maxTime) {
    SpoolLeft {
        blocks = Map.copyOf(blocks);
        losses = List.copyOf(losses);
    }

    /// @param dataDir Prometheus'
    static SpoolLeft read(Path dataDir) throws IOException {
        Samples samples = new Samples();
        Map<BlockId, Long> blocks = new HashMap<>();
        List<TimeRange> losses = new ArrayList<>();
        long maxTime = 0;
        try (Spool spool = Spool.open(dataDir.resolve(Spool.DIRECTORY_NAME))) {
            for (Incoming item : spool.incoming()) {
                Shipped.read(item.dir(), samples);
                BlockMeta meta = BlockMeta.read(item.dir().resolve("meta.json"));
                blocks.put(item.id(), meta.range().minTime());
                maxTime = Math.max(maxTime, meta.range().maxTime());
            }
            for (Item item : spool.ready()) {
                blocks.put(item.id(), item.range().minTime());
                Shipped.read(item.dir(), samples);
                maxTime = Math.max(maxTime, item.range().maxTime());
            }
            for (ShippedRecord shipped : spool.shippedRecords()) {
                maxTime = Math.max(maxTime, shipped.range().maxTime());
            }
            for (Loss loss : spool.losses()) {
                losses.add(new TimeRange(loss.getMinTimeMs(), loss.getMaxTimeMs()));
            }
        }
        return new SpoolLeft(samples, blocks, losses, maxTime);
    }

    /// Blocks that begin before a time.
    List<BlockId> blocksBefore(long timeMillis) {
        return blocks.entrySet().stream()
                .filter(block -> block.getValue() < timeMillis)
                .map(Map.Entry::getKey)
                .toList();
    }
}
