package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which level-1 blocks the samples in a spool come from (I9). What was read once is remembered while the item waits:
/// `compaction.sources` never changes. Of a block that was written anew the spool knows them. The caller holds the
/// spool's monitor.
final class Lineages {
    private static final Log LOG = Log.of(Lineages.class);

    private final Spool spool;
    private Map<BlockId, Set<BlockId>> read = new HashMap<>();

    Lineages(Spool spool) {
        this.spool = spool;
    }

    /// Sources that the bucket confirmed, under whatever ULID.
    Set<BlockId> confirmed() throws IOException {
        Set<BlockId> confirmed = new HashSet<>();
        for (ShippedRecord record : spool.shippedRecords()) {
            confirmed.addAll(record.sources());
        }
        return confirmed;
    }

    /// Sources that the bucket confirmed, or may have: sending has begun.
    Set<BlockId> sent() throws IOException {
        Set<BlockId> sent = confirmed();
        for (Item item : spool.ready()) {
            if (mayBeThere(item)) {
                sent.addAll(sources(item.id(), item.dir()));
            }
        }
        return sent;
    }

    /// Whether the bucket may have a block. A merged block must not take its place: written anew together with
    /// another of its window, it would bear a name that hides nothing, and Thanos would see both.
    private static boolean mayBeThere(Item item) throws IOException {
        return WaitingBlocks.isBegun(item);
    }

    /// Blocks that wait, each with its sources.
    Map<BlockId, Set<BlockId>> unsent() throws IOException {
        Map<BlockId, Set<BlockId>> unsent = new HashMap<>();
        for (Incoming item : spool.incoming()) {
            unsent.put(item.id(), sources(item.id(), item.dir()));
        }
        for (Item item : spool.ready()) {
            if (!mayBeThere(item)) {
                unsent.put(item.id(), sources(item.id(), item.dir()));
            }
        }
        read = new HashMap<>(unsent);
        return unsent;
    }

    /// Of a waiting block.
    private Set<BlockId> sources(BlockId id, Path dir) throws IOException {
        Set<BlockId> known = read.get(id);
        if (known != null) {
            return known;
        }
        Set<BlockId> origins = Set.copyOf(spool.origins(id));
        return origins.isEmpty() ? sources(dir.resolve(BlockMeta.FILE_NAME)) : origins;
    }

    /// None where the linked meta.json is broken: verifying it sets the block aside.
    private static Set<BlockId> sources(Path meta) throws IOException {
        try {
            return Set.copyOf(BlockMeta.read(meta).compaction().sources());
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException e) {
            LOG.debug("linked meta.json is broken", "file", meta, "err", e.getMessage());
            return Set.of();
        }
    }
}
