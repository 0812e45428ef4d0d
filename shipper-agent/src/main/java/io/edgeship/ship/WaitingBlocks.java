package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.ship.reduce.ReductionConfig;
import io.edgeship.ship.seal.WaitingBlock;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells sealing of the blocks that wait in a spool. The caller holds its monitor.
final class WaitingBlocks {
    /// In an item that was sent in part or whole, plain or through the inbox: the bucket may have it, though the reply
    /// was lost or the agent killed before it came.
    private static final List<String> LEDGERS = List.of("ledger", "inbox-ledger");

    private static final int SETTLED_SHARE = 10;
    private static final Duration SETTLED_MAX = Duration.ofMinutes(1);

    private final Spool spool;
    private final ReductionConfig reduction;

    /// The meta.json of sealed items never changes.
    private Map<BlockId, BlockMeta> sealed = new HashMap<>();

    WaitingBlocks(Spool spool, ReductionConfig reduction) {
        this.spool = spool;
        this.reduction = reduction;
    }

    /// @param sound   what is known of incoming blocks; others are left out
    /// @param sending the item that is on its way
    List<WaitingBlock> all(SoundBlocks sound, Optional<BlockId> sending, Instant now) throws IOException {
        List<WaitingBlock> all = new ArrayList<>();
        for (Incoming item : spool.incoming()) {
            Optional<SoundBlocks.Sound> known = sound.find(item.id());
            if (known.isPresent()) {
                all.add(block(known.get().meta(), known.get().flaw(), false, now));
            }
        }
        Map<BlockId, BlockMeta> metas = new HashMap<>();
        for (Item item : spool.ready()) {
            BlockMeta known = sealed.get(item.id());
            BlockMeta meta = known == null ? item.meta() : known;
            metas.put(item.id(), meta);
            boolean onItsWay = sending.equals(Optional.of(item.id())) || isBegun(item);
            all.add(block(meta, new Flaw.None(), onItsWay, now));
        }
        sealed = metas;
        return all;
    }

    /// Whether some of it was sent.
    static boolean isBegun(Item item) {
        return LEDGERS.stream().anyMatch(name -> Files.exists(item.dir().resolve(name)));
    }

    /// @param onItsWay the bucket may get it any moment
    private WaitingBlock block(BlockMeta meta, Flaw flaw, boolean onItsWay, Instant now) throws IOException {
        List<BlockId> origins = spool.origins(meta.id());
        boolean wasReduced = isDownsampled(meta) || (!origins.isEmpty() && !reduction.isNone());
        Map<BlockId, TimeRange> parents = new HashMap<>();
        meta.compaction().parents().forEach(parent -> parents.put(parent.id(), parent.range()));
        return new WaitingBlock(
                meta.id(),
                meta.range(),
                !meta.compaction().hints().isEmpty(),
                Set.copyOf(origins.isEmpty() ? sources(meta) : origins),
                parents,
                !origins.isEmpty() || onItsWay || isSettled(meta, now),
                onItsWay || wasReduced,
                wasReduced || reduction.isNone(),
                flaw);
    }

    /// Aggregates cannot be written anew together with samples, whatever the configuration says by now.
    private static boolean isDownsampled(BlockMeta meta) {
        ThanosMeta thanos = meta.thanos();
        return thanos != null && thanos.resolutionMillis() != 0;
    }

    private static List<BlockId> sources(BlockMeta meta) {
        List<BlockId> sources = meta.compaction().sources();
        return sources.isEmpty() ? List.of(meta.id()) : sources;
    }

    /// As [Settling]: what the source writes of one window comes within moments.
    private boolean isSettled(BlockMeta meta, Instant now) {
        long length = meta.range().maxTime() - meta.range().minTime();
        long wait = Math.min(SETTLED_MAX.toMillis(), length / SETTLED_SHARE);
        long age = now.toEpochMilli() - meta.id().timeMillis();
        boolean clockWasSetBack = age < 0;
        return clockWasSetBack || age >= wait;
    }
}
