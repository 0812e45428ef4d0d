package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.Spool;
import io.edgeship.queue.quota.Candidate;
import io.edgeship.queue.quota.Candidate.Standing;
import io.edgeship.queue.quota.Eviction;
import io.edgeship.queue.quota.Eviction.Plan;
import io.edgeship.queue.quota.Footprint;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.quota.SpoolUse;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps a spool within its limits. Used by the scanning thread; what it counted may be read by any.
public final class SpoolRoom {
    private static final Log LOG = Log.of(SpoolRoom.class);

    /// Why a block that the source still has is not wanted any more.
    private static final Set<Loss.Reason> GIVEN_UP =
            EnumSet.of(Loss.Reason.REASON_EVICTED, Loss.Reason.REASON_THINNED, Loss.Reason.REASON_DROPPED);

    private final Spool spool;
    private final SpoolLimits limits;
    private final FreeSpace space;
    private final Losses losses;
    private final Supplier<Optional<BlockId>> sending;
    private final Thinning thinning;
    private final AtomicLong evicted = new AtomicLong();
    private final AtomicLong thinned = new AtomicLong();
    private volatile SpoolUse use = new SpoolUse(0, 0, 0);
    private volatile Optional<String> full = Optional.empty();
    private @Nullable Set<BlockId> gaveUp;

    /// How many bytes are free on the spool's disk.
    @FunctionalInterface
    public interface FreeSpace {
        long bytes() throws IOException;

        /// Of the disk that the directory is on.
        static FreeSpace of(Path directory) {
            return () -> Files.getFileStore(directory).getUsableSpace();
        }
    }

    /// @param sending the item that is on its way
    public SpoolRoom(
            Spool spool,
            SpoolLimits limits,
            FreeSpace space,
            Losses losses,
            Supplier<Optional<BlockId>> sending,
            Rewriter rewriter) {
        this.spool = spool;
        this.limits = limits;
        this.space = space;
        this.losses = losses;
        this.sending = sending;
        thinning = new Thinning(spool, losses, rewriter);
    }

    public SpoolLimits limits() {
        return limits;
    }

    /// After the last scan.
    public SpoolUse use() {
        return use;
    }

    /// Why there is no room, if so.
    public Optional<String> full() {
        return full;
    }

    public long evictedItems() {
        return evicted.get();
    }

    public long thinnedItems() {
        return thinned.get();
    }

    /// For one look at the source's directory. The caller holds the spool's monitor.
    Admission admission() throws IOException {
        SpoolUse now = SpoolUse.of(spool, space.bytes());
        return new Admission() {
            private SpoolUse counted = now;

            @Override
            public boolean admits(Path block) throws IOException {
                Footprint footprint = Footprint.of(block);
                long bytes = footprint.ownBytes() + footprint.sharedBytes();
                boolean admitted = limits.admits(counted, bytes);
                counted = admitted ? counted.plus(bytes) : counted;
                return admitted;
            }

            @Override
            public boolean gaveUp(BlockId block) throws IOException {
                return SpoolRoom.this.gaveUp().contains(block);
            }
        };
    }

    /// For one look at the source's directory, in which each chunk that is admitted counts.
    public LongPredicate chunkAdmission() throws IOException {
        SpoolUse[] counted = {SpoolUse.of(spool, space.bytes())};
        return bytes -> {
            boolean admitted = limits.admits(counted[0], bytes);
            counted[0] = admitted ? counted[0].plus(bytes) : counted[0];
            return admitted;
        };
    }

    private Set<BlockId> gaveUp() throws IOException {
        Set<BlockId> known = gaveUp;
        if (known == null) {
            known = new HashSet<>();
            for (Loss loss : spool.losses()) {
                if (GIVEN_UP.contains(loss.getReason())) {
                    addNames(known, loss);
                }
            }
            gaveUp = known;
        }
        return known;
    }

    /// The block's own name, and those of the blocks at the source that it was made of: taken again, they would only
    /// make it once more.
    private static void addNames(Set<BlockId> names, Loss loss) {
        BlockId.tryParse(loss.getUlid()).ifPresent(names::add);
        loss.getSourceUlidsList().forEach(source -> BlockId.tryParse(source).ifPresent(names::add));
    }

    /// Lets give way what has to.
    ///
    /// @param refused whether a block was not taken for want of room
    public void make(boolean refused) throws IOException {
        thinning.begin();
        Plan plan = next();
        while (true) {
            switch (plan) {
                case Plan.Enough() -> {
                    full = refused ? Optional.of("no room for another block: " + words()) : Optional.empty();
                    return;
                }
                case Plan.Full(var lacking) -> {
                    full = Optional.of("%s too much: %s".formatted(Sizes.print(lacking), words()));
                    return;
                }
                case Plan.Evict _ -> {} // done already, under the monitor
                case Plan.Thin(var id) -> thin(id);
            }
            plan = next();
        }
    }

    /// Decides, and evicts: in between nothing may be sent.
    private Plan next() throws IOException {
        synchronized (spool) {
            use = SpoolUse.of(spool, space.bytes());
            boolean mayHelp = limits.onFull() != OnFull.STOP && limits.isExceeded(use);
            List<Candidate> candidates = mayHelp ? candidates() : List.of();
            Plan plan = Eviction.plan(candidates, use, limits);
            if (plan instanceof Plan.Evict(var ids)) {
                for (BlockId id : ids) {
                    evict(id);
                }
            }
            return plan;
        }
    }

    private String words() {
        return "the spool alone holds %s, the disk has %s free (spool.max_bytes, spool.min_free_bytes, spool.on_full: %s)"
                .formatted(Sizes.print(use.ownBytes()), Sizes.print(use.freeBytes()), limits.onFull());
    }

    private void thin(BlockId id) throws IOException {
        Optional<Item> item =
                spool.ready().stream().filter(one -> one.id().equals(id)).findFirst();
        if (item.isPresent() && thinning.thin(item.get(), one -> standing(one) == Standing.WAITING)) {
            gaveUp().add(id);
            thinned.incrementAndGet();
        }
    }

    private void evict(BlockId id) throws IOException {
        Optional<Quarantined> aside =
                spool.quarantined().stream().filter(one -> one.id().equals(id)).findFirst();
        String before = aside.map(one -> "; set aside before: " + one.loss().getDetail())
                .orElse("");
        Path dir = spool.dir().resolve(spool.find(id).orElseThrow().directory()).resolve(id.toString());
        String detail = "the spool is full: " + words() + before;
        addNames(gaveUp(), losses.drop(spool, id, metaOf(dir), Loss.Reason.REASON_EVICTED, detail));
        evicted.incrementAndGet();
        LOG.error("spool is full: block is lost", "block", id, "why", detail);
    }

    private List<Candidate> candidates() throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (Quarantined item : spool.quarantined()) {
            candidates.add(candidate(item.id(), item.dir(), timeOf(item.id(), item.dir()), Standing.ASIDE, false));
        }
        for (Incoming item : spool.incoming()) {
            candidates.add(candidate(item.id(), item.dir(), timeOf(item.id(), item.dir()), Standing.WAITING, false));
        }
        for (Item item : spool.ready()) {
            boolean thins = limits.onFull() == OnFull.THIN && thinning.mayThin(item);
            candidates.add(candidate(item.id(), item.dir(), item.range().minTime(), standing(item), thins));
        }
        return candidates;
    }

    private static Candidate candidate(BlockId id, Path dir, long minTime, Standing standing, boolean thins)
            throws IOException {
        return new Candidate(id, minTime, Footprint.of(dir).freesBytes(), standing, thins);
    }

    private Standing standing(Item item) {
        if (sending.get().equals(Optional.of(item.id()))) {
            return Standing.SENDING;
        }
        boolean begun = WaitingBlocks.isBegun(item);
        return begun ? Standing.BEGUN : Standing.WAITING;
    }

    private static long timeOf(BlockId id, Path dir) throws IOException {
        BlockMeta meta = metaOf(dir);
        return meta == null ? id.timeMillis() : meta.range().minTime();
    }

    private static @Nullable BlockMeta metaOf(Path dir) throws IOException {
        try {
            return BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException e) {
            LOG.debug("meta.json says nothing", "item", dir, "err", e.getMessage());
            return null;
        }
    }
}
