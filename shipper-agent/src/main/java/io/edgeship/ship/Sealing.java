package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.seal.SealDecision;
import io.edgeship.ship.seal.SealPlan;
import io.edgeship.ship.seal.ShippedWindow;
import io.edgeship.ship.seal.ShippedWindows;
import io.edgeship.ship.seal.WaitingBlock;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/// Makes what was taken fit for a stock Thanos, and seals it. Verifying and writing anew hold no monitor: only the
/// scanning thread adds to or takes from `incoming/`, and what it has under way of `ready/` is not begun to be sent.
final class Sealing {
    private static final Log LOG = Log.of(Sealing.class);

    private final Spool spool;
    private final ExternalLabels labels;
    private final InstantSource clock;
    private final Supplier<Optional<BlockId>> sending;
    private final SoundBlocks sound;
    private final WaitingBlocks waitingBlocks;
    private final ShippedWindows windows;
    private final Rewriting rewriting;
    private final BadSources badSources;

    /// Stretches of blocks in which there is nothing to be shipped.
    private final Map<BlockId, List<TimeRange>> nothingIn = new HashMap<>();

    private volatile FutureGuard future;
    private volatile boolean mergesLate;

    /// @param clock   of this machine
    /// @param sending what is on its way
    Sealing(
            SourceConfig config,
            Spool spool,
            ExternalLabels labels,
            Losses losses,
            InstantSource clock,
            Supplier<Optional<BlockId>> sending) {
        this.spool = spool;
        this.labels = labels;
        this.clock = clock;
        this.sending = sending;
        sound = new SoundBlocks(spool, losses);
        waitingBlocks = new WaitingBlocks(spool, config.reduction());
        windows = new ShippedWindows(spool);
        rewriting = new Rewriting(spool, config.reduction());
        badSources = new BadSources(spool, sound, losses, rewriting);
        future = FutureGuard.timeless(spool);
    }

    /// Has blocks of the future noticed.
    void guard(FutureGuard guard) {
        future = guard;
    }

    /// @param centreMergesLate whether a block may be sent into a window that was shipped
    void lateMayGo(boolean centreMergesLate) {
        mergesLate = centreMergesLate;
    }

    Rewriting rewriting() {
        return rewriting;
    }

    /// What comes of one run.
    ///
    /// @param look    asked under the spool's monitor
    /// @param held    gets what cannot be sealed, with the reason
    /// @param waiting gets what is to be sealed together with something that is still to come
    /// @param failed  gets what could not be read
    record Run(Intake.Look look, Map<BlockId, String> held, Map<BlockId, String> waiting, List<String> failed) {}

    void run(Run run) throws IOException {
        List<Incoming> items = spool.incoming();
        List<BlockId> ids = items.stream().map(Incoming::id).toList();
        sound.retain(ids);
        nothingIn.keySet().retainAll(ids);
        rewriting.retries().retain(ids);
        if (items.isEmpty()) {
            return;
        }
        Optional<SortedMap<String, String>> known = labels.resolve();
        for (Incoming item : items) { // all of them first, for one may be written anew together with another
            attempt(item, run, () -> sound.verified(item));
        }
        Deque<Incoming> left = new ArrayDeque<>(items);
        while (!left.isEmpty()) {
            Incoming item = left.poll();
            attempt(item, run, () -> seal(item, known, run).forEach(left::push));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /// What fails with one block keeps no other from its turn (I5).
    private static void attempt(Incoming item, Run run, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            LOG.error("block not sealed, trying again after a later scan", e, "block", item.id());
            run.held().put(item.id(), "not sealed: " + e.getMessage());
            run.failed().add(item.id() + " not sealed: " + e.getMessage());
        }
    }

    /// Returns what is to be sealed next: the block that was written in the place of this one, or a part of it and
    /// itself.
    private List<Incoming> seal(Incoming item, Optional<SortedMap<String, String>> known, Run run) throws IOException {
        SealPlan.Rewrite plan;
        synchronized (spool) {
            Optional<SoundBlocks.Sound> block = sound.find(item.id());
            if (block.isEmpty() || !isIncoming(item.id())) {
                return List.of(); // set aside, or replaced by a merged block a moment ago
            }
            if (known.isEmpty()) {
                run.held().put(item.id(), "its labels are not known yet: Prometheus has not answered once");
                return List.of();
            }
            Optional<SealPlan.Rewrite> order = settle(item, block.get().meta(), known.get(), run);
            if (order.isEmpty()) {
                return List.of();
            }
            plan = order.get();
            rewriting.begin(plan, replacedBy(item.id(), run));
        }
        try {
            return writeAnew(item, plan, known.get(), run);
        } finally {
            rewriting.end();
        }
    }

    /// Listing them also finishes what a disk without room interrupted, in which the block may be replaced by another.
    private boolean isIncoming(BlockId id) throws IOException {
        return spool.incoming().stream().map(Incoming::id).anyMatch(id::equals);
    }

    /// Does what can be done at once.
    private Optional<SealPlan.Rewrite> settle(Incoming item, BlockMeta meta, SortedMap<String, String> known, Run run)
            throws IOException {
        BlockId id = item.id();
        Optional<String> early = future.holds(meta);
        if (early.isPresent()) {
            run.held().put(id, early.get());
            return Optional.empty();
        }
        BlockChoice choice = run.look().chooser().choose(meta, Optional.empty());
        if (choice instanceof BlockChoice.Hold(var reason)) {
            run.held().put(id, reason);
            return Optional.empty();
        }
        if (choice instanceof BlockChoice.Skip(var reason) && !isCutUp(meta)) {
            if (wasShipped(meta)) {
                letGo(id);
            } else {
                run.held().put(id, reason);
            }
            return Optional.empty();
        }
        Set<BlockId> replaces = choice instanceof BlockChoice.Take(var unsent) ? unsent : Set.of();
        switch (decide(id, replaces)) {
            case SealPlan.Plain _ -> sealAsItIs(item, meta, known, replaces, Optional.empty());
            case SealPlan.Late(var reason) -> sealAsItIs(item, meta, known, replaces, Optional.of(reason));
            case SealPlan.Wait(var reason) -> run.waiting().put(id, reason);
            case SealPlan.Hold(var reason) -> run.held().put(id, reason);
            case SealPlan.Nothing() -> letGo(id);
            case SealPlan.Rewrite plan -> {
                if (rewriting.retries().mayTry(id)) {
                    return Optional.of(plan);
                }
                run.held().put(id, "could not be written anew (%s), tried again later".formatted(plan.reason()));
            }
        }
        return Optional.empty();
    }

    private void letGo(BlockId id) throws IOException {
        LOG.info("all of its samples were shipped meanwhile, let go", "block", id);
        spool.nothingLeft(List.of(id));
    }

    /// Whether the bucket confirmed everything that the block was merged from. What is on its way may yet fail.
    private boolean wasShipped(BlockMeta meta) throws IOException {
        Set<BlockId> owed = new HashSet<>(meta.compaction().sources());
        spool.shippedRecords().forEach(record -> owed.removeAll(record.sources()));
        return owed.isEmpty() && !meta.compaction().sources().isEmpty();
    }

    /// Whether parts of it were cut out, and are waiting or shipped.
    private boolean isCutUp(BlockMeta meta) throws IOException {
        List<WaitingBlock> all = waitingBlocks.all(sound, sending.get(), clock.instant());
        WaitingBlock block = find(meta.id(), all);
        return windows.all().stream().anyMatch(window -> block.hasPart(window.range(), window.sources()))
                || all.stream().anyMatch(other -> block.hasPart(other.range(), other.origins()));
    }

    private static WaitingBlock find(BlockId id, List<WaitingBlock> all) {
        return all.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(id + " does not wait"));
    }

    private SealPlan decide(BlockId id, Set<BlockId> replaces) throws IOException {
        Instant now = clock.instant();
        List<WaitingBlock> all = new ArrayList<>(waitingBlocks.all(sound, sending.get(), now));
        all.removeIf(other -> replaces.contains(other.id()));
        WaitingBlock block = find(id, all);
        List<ShippedWindow> shipped = new ArrayList<>(windows.all());
        nothingIn.getOrDefault(id, List.of()).forEach(range -> shipped.add(new ShippedWindow(range, Set.of())));
        return SealDecision.decide(block, all, shipped, new SealDecision.Rules(mergesLate, now));
    }

    /// Only a block found sound replaces its parents, and only while none of them is on its way.
    private void sealAsItIs(
            Incoming item,
            BlockMeta meta,
            SortedMap<String, String> known,
            Set<BlockId> replaces,
            Optional<String> late)
            throws IOException {
        spool.replaceParents(item.id(), replaces);
        BlockMeta sealed = future.noted(Sealer.seal(meta, item.dir(), known));
        if (late.isPresent()) {
            LOG.info("block is late, the centre has to merge it", "block", item.id(), "why", late.get());
            sealed = Sealer.late(sealed, late.get());
        }
        spool.seal(item.id(), sealed);
    }

    private List<Incoming> writeAnew(Incoming item, SealPlan.Rewrite plan, SortedMap<String, String> known, Run run)
            throws IOException {
        Rewriting.Made made;
        try {
            made = rewriting.run(item.id(), plan, known);
        } catch (BadSourceException e) {
            badSources.setAside(item.id(), plan, e);
            return List.of();
        }
        try {
            return putInPlace(item, plan, made, run);
        } catch (IOException e) {
            rewriting.retries().failed(item.id());
            throw e;
        }
    }

    private List<Incoming> putInPlace(Incoming item, SealPlan.Rewrite plan, Rewriting.Made made, Run run)
            throws IOException {
        synchronized (spool) {
            Set<BlockId> parents = new HashSet<>(plan.parents());
            for (BlockId parent : plan.parents()) {
                parents.addAll(replacedBy(parent, run));
            }
            if (made.block().isEmpty() && plan.parents().isEmpty()) {
                nothingIn
                        .computeIfAbsent(item.id(), _ -> new ArrayList<>())
                        .add(plan.keep().orElseThrow());
            }
            Optional<Incoming> taken = rewriting.take(made, plan, parents);
            if (taken.isPresent()) {
                sound.verified(taken.get());
            }
            List<Incoming> next = new ArrayList<>(taken.stream().toList());
            if (plan.parents().isEmpty()) {
                next.addFirst(item); // it comes to its turn again after the part that was cut out of it
            }
            return next;
        }
    }

    /// Blocks from which the source has merged this one, and which wait.
    private Set<BlockId> replacedBy(BlockId parent, Run run) throws IOException {
        Optional<SoundBlocks.Sound> block = sound.find(parent);
        if (block.isPresent()
                && run.look().chooser().choose(block.get().meta(), Optional.empty())
                        instanceof BlockChoice.Take(var replaces)) {
            return replaces;
        }
        return Set.of();
    }
}
