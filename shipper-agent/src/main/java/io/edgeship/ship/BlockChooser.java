package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks [BlockChoice] with what the spool knows now. The caller holds the spool's monitor.
record BlockChooser(Spool spool, Backfill backfill, Instant firstStart) {
    private static final Log LOG = Log.of(BlockChooser.class);

    /// @param place   of this very block; empty for one that is in the spool but not sealed, to choose again
    /// @param sending the item that is on its way
    BlockChoice choose(BlockMeta meta, Optional<Place> place, Optional<BlockId> sending) throws IOException {
        Set<BlockId> sent = new HashSet<>();
        for (ShippedRecord record : spool.shippedRecords()) {
            sent.addAll(record.sources());
        }
        Map<BlockId, Set<BlockId>> unsent = new HashMap<>();
        for (Incoming item : spool.incoming()) {
            unsent.put(item.id(), sources(item));
        }
        for (Item item : spool.ready()) {
            unsent.put(item.id(), Set.copyOf(item.meta().compaction().sources()));
        }
        // Too late to replace it: parts of it are on their way.
        sending.map(unsent::remove).ifPresent(sent::addAll);
        return BlockChoice.decide(meta, place, sent, unsent, backfill, firstStart);
    }

    /// None where the linked meta.json is broken: verifying it sets the block aside.
    private static Set<BlockId> sources(Incoming item) throws IOException {
        try {
            BlockMeta meta = BlockMeta.read(item.dir().resolve(BlockMeta.FILE_NAME));
            return Set.copyOf(meta.compaction().sources());
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            LOG.debug("linked meta.json is broken", "block", item.id(), "err", e.getMessage());
            return Set.of();
        }
    }
}
