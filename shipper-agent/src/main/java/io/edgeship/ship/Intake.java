package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.BlockVanishedException;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Links a source's new blocks into its spool. The caller holds the spool's monitor.
final class Intake {
    private static final Log LOG = Log.of(Intake.class);

    /// Prometheus merges blocks while they are looked at: looking again finds what holds their samples now.
    private static final int PASSES_MAX = 3;

    private static final String NO_ROOM = "not taken: the spool has no room";

    private final Path directory;
    private final Spool spool;
    private final Link link;
    private final Losses losses;
    private final RefusedBlocks refusedBefore;

    Intake(Path directory, Spool spool, Link link, Losses losses) {
        this.directory = directory;
        this.spool = spool;
        this.link = link;
        this.losses = losses;
        refusedBefore = new RefusedBlocks(spool);
    }

    /// [Spool#take], or a test's way of doing something just before it.
    @FunctionalInterface
    interface Link {
        void take(BlockId id, Path dir) throws IOException;
    }

    /// Makes a chooser of what the spool knows now.
    @FunctionalInterface
    interface Look {
        BlockChooser chooser() throws IOException;
    }

    /// What came of one look at the directory.
    ///
    /// @param there  the blocks in the directory
    /// @param safe   those that Prometheus may compact: in the spool, set aside, or of no interest
    /// @param held   those that may not be forgotten yet, with the reason
    /// @param failed what the disk would not do; each block is in `held` too
    /// @param refused blocks for which the spool has no room; each is in `held` too
    record Taken(
            List<Found> there,
            SortedSet<BlockId> safe,
            Map<BlockId, String> held,
            List<String> failed,
            List<BlockMeta> refused) {}

    Taken take(Look look) throws IOException {
        return take(look, () -> Admission.ALL);
    }

    /// Makes an admission for a pass.
    @FunctionalInterface
    interface Door {
        Admission open() throws IOException;
    }

    Taken take(Look look, Door door) throws IOException {
        Map<BlockId, BlockMeta> vanished = new LinkedHashMap<>();
        Pass pass = new Pass(look.chooser(), door.open(), vanished);
        Taken taken = pass.run();
        for (int again = 1; again < PASSES_MAX && pass.lostOne; again++) {
            pass = new Pass(look.chooser(), door.open(), vanished);
            taken = pass.run();
        }
        for (BlockMeta meta : vanished.values()) {
            settle(meta, taken, look.chooser());
        }
        refusedBefore.remember(taken.refused()).ifPresent(taken.failed()::add);
        return taken;
    }

    /// A block went away before it was linked. Where a merged one has its samples, nothing is lost.
    private void settle(BlockMeta meta, Taken taken, BlockChooser chooser) throws IOException {
        boolean merged = taken.there().stream()
                .filter(found -> !found.meta().id().equals(meta.id()))
                .anyMatch(found -> found.meta()
                        .compaction()
                        .sources()
                        .containsAll(meta.compaction().sources()));
        if (merged || chooser.covers(meta) || spool.find(meta.id()).isPresent()) {
            LOG.info("block was merged while it was linked", "block", meta.id());
            return;
        }
        String detail = "deleted from " + directory + " before it could be linked: "
                + (refusedBefore.known().containsKey(meta.id())
                        ? "the spool had no room for it"
                        : "retention is too short, or the agent was down too long");
        LOG.error("block is lost", "block", meta.id(), "why", detail);
        spool.recordLoss(losses.of(meta.id(), meta, Loss.Reason.REASON_VANISHED, detail));
    }

    private final class Pass {
        private final BlockChooser chooser;
        private final Admission admission;
        private final Map<BlockId, BlockMeta> vanished;
        private final SortedSet<BlockId> safe = new TreeSet<>();
        private final Map<BlockId, String> held = new LinkedHashMap<>();
        private final List<String> failed = new ArrayList<>();
        private final Map<BlockId, BlockMeta> refused = new LinkedHashMap<>();
        private boolean lostOne;

        Pass(BlockChooser chooser, Admission admission, Map<BlockId, BlockMeta> vanished) {
            this.chooser = chooser;
            this.admission = admission;
            this.vanished = vanished;
        }

        Taken run() throws IOException {
            BlockScan scan = BlockScan.of(directory);
            scan.blocks().forEach(this::consider);
            scan.unusable().forEach(this::setAside);
            lookForRefused(scan);
            return new Taken(scan.blocks(), safe, held, failed, List.copyOf(refused.values()));
        }

        /// What was not taken before and is not there any more.
        private void lookForRefused(BlockScan scan) throws IOException {
            Map<BlockId, BlockMeta> gone = new LinkedHashMap<>(refusedBefore.known());
            scan.blocks().forEach(block -> gone.remove(block.meta().id()));
            scan.unusable().forEach(block -> gone.remove(block.id()));
            gone.keySet().removeIf(id -> spool.find(id).isPresent());
            lostOne |=
                    !vanished.keySet().containsAll(gone.keySet()); // the next look may find what they were merged into
            vanished.putAll(gone);
        }

        private void consider(Found block) {
            BlockId id = block.meta().id();
            if (hasGivenUp(id, block.meta().compaction().sources())) {
                safe.add(id);
                return;
            }
            switch (chooser.choose(block.meta(), spool.find(id))) {
                case BlockChoice.Take _ -> take(block);
                case BlockChoice.Keep(var reason) -> {
                    LOG.warn("block kept back", "block", id, "reason", reason);
                    take(block);
                }
                case BlockChoice.Known _, BlockChoice.Skip _, BlockChoice.Hold _ -> safe.add(id);
            }
        }

        /// Under its own name, or all that it is made of.
        private boolean hasGivenUp(BlockId id, List<BlockId> sources) {
            try {
                if (spool.find(id).isPresent()) {
                    return false;
                }
                boolean every = !sources.isEmpty();
                for (BlockId source : sources) {
                    every &= admission.gaveUp(source);
                }
                return every || admission.gaveUp(id);
            } catch (IOException e) {
                LOG.warn("loss records cannot be read", e, "block", id);
                return false;
            }
        }

        /// One block that cannot be taken does not keep the next from it (I5).
        private void take(Found block) {
            BlockId id = block.meta().id();
            try {
                if (!admission.admits(block.dir())) {
                    held.put(id, NO_ROOM);
                    refused.put(id, block.meta());
                    return;
                }
                link.take(id, block.dir());
                chooser.took(block.meta());
                vanished.remove(id);
                safe.add(id);
                int level = block.meta().compaction().level();
                LOG.info("block taken", "block", id, "level", level);
            } catch (BlockVanishedException e) {
                lostOne = true;
                vanished.put(id, block.meta());
            } catch (IOException e) {
                fail(id, e);
            }
        }

        /// A block whose meta.json says nothing cannot be chosen; its bytes are kept, and the loss is on record.
        private void setAside(BlockScan.Unusable block) {
            BlockId id = block.id();
            Optional<Place> place = spool.find(id);
            if (place.isPresent()) {
                safe.add(id);
                return;
            }
            if (!block.corrupt()) {
                held.put(id, block.why());
                failed.add(id + " " + block.why());
                return;
            }
            try {
                if (hasGivenUp(id, List.of())) {
                    safe.add(id);
                    return;
                }
                if (!admission.admits(block.dir())) {
                    held.put(id, NO_ROOM);
                    return;
                }
                link.take(id, block.dir());
                LOG.error("block is corrupt, set aside", "block", id, "why", block.why());
                spool.quarantine(id, losses.of(id, null, Loss.Reason.REASON_CORRUPT, block.why()));
                safe.add(id);
            } catch (BlockVanishedException e) {
                LOG.warn("corrupt block vanished while it was linked", e, "block", id);
            } catch (IOException e) {
                fail(id, e);
            }
        }

        private void fail(BlockId id, IOException e) {
            String reason = "not taken: " + (e.getMessage() == null ? e.toString() : e.getMessage());
            held.put(id, reason);
            failed.add(id + " " + reason);
        }
    }
}
