package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.reduce.ReductionConfig;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.rewrite.Rewriter;
import io.edgeship.ship.seal.SealPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// Has blocks written anew in the spool's workshop and puts the result in their place. What fails is tried again,
/// ever more rarely. Used by the scanning thread, but for [#isUnderWay].
final class Rewriting {
    private static final Log LOG = Log.of(Rewriting.class);
    private static final String BENCH = "seal";
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final int DOUBLINGS_MAX = 6;

    private final Spool spool;
    private final ReductionConfig reduction;
    private final Map<BlockId, Failure> failures = new HashMap<>();
    private volatile Rewriter rewriter = Rewriter.HERE;
    private volatile Set<BlockId> underWay = Set.of();

    private record Failure(int times, long atNanos) {
        boolean isOver() {
            long pause = FIRST_PAUSE.toNanos() << Math.min(times - 1, DOUBLINGS_MAX);
            return System.nanoTime() - atNanos >= pause;
        }
    }

    /// @param block empty if no sample was left
    record Made(Optional<RewrittenBlock> block) {}

    Rewriting(Spool spool, ReductionConfig reduction) {
        this.spool = spool;
        this.reduction = reduction;
    }

    void by(Rewriter one) {
        rewriter = one;
    }

    /// The caller holds the spool's monitor: what is read, and what the new block takes the place of, is from here on
    /// not begun to be sent.
    void begin(SealPlan.Rewrite plan, Set<BlockId> replaces) {
        Set<BlockId> all = new HashSet<>(replaces);
        all.addAll(plan.sources());
        all.addAll(plan.parents());
        underWay = Set.copyOf(all);
    }

    /// Leaves nothing on the bench, whatever became of the block.
    void end() {
        underWay = Set.of();
        try {
            clear();
        } catch (IOException e) {
            LOG.warn("the workshop is not cleared; the next block does it", "err", e.getMessage());
        }
    }

    boolean isUnderWay(BlockId id) {
        return underWay.contains(id);
    }

    /// False for a while after a failure.
    boolean mayTry(BlockId id) {
        Failure failure = failures.get(id);
        return failure == null || failure.isOver();
    }

    Made run(BlockId block, SealPlan.Rewrite plan, SortedMap<String, String> labels) throws IOException {
        Path bench = cleared();
        List<Path> sources = new ArrayList<>();
        for (BlockId source : plan.sources()) {
            sources.add(dir(source));
        }
        RewriteOrder order =
                reduction.order(sources, labels, plan.keep().map(List::of).orElse(List.of()));
        LOG.info("block is written anew", "block", block, "of", plan.sources(), "why", plan.reason());
        try {
            return new Made(rewriter.rewrite(order, bench));
        } catch (BadSourceException e) {
            throw e;
        } catch (IOException e) {
            failed(block);
            throw e;
        }
    }

    /// The block comes to its turn again after a while only: reading and writing it all costs much.
    void failed(BlockId block) {
        failures.merge(
                block,
                new Failure(1, System.nanoTime()),
                (before, now) -> new Failure(before.times() + 1, now.atNanos()));
    }

    /// Forgets what was let go of.
    void retain(Collection<BlockId> ids) {
        failures.keySet().retainAll(ids);
    }

    private Path dir(BlockId id) throws IOException {
        Place place = spool.find(id).orElseThrow(() -> new IOException(id + " is gone"));
        return spool.dir().resolve(place.directory()).resolve(id.toString());
    }

    /// An empty directory of our own in the workshop.
    private Path cleared() throws IOException {
        return Files.createDirectory(clear());
    }

    /// Where the bench was.
    private Path clear() throws IOException {
        Path bench = spool.workshop().resolve(BENCH);
        if (Files.exists(bench)) {
            new DurableFiles(Disk.system()).deleteTree(bench);
        }
        return bench;
    }

    /// Puts what was made in the place of `parents`. The caller holds the spool's monitor.
    Optional<Incoming> take(Made made, SealPlan.Rewrite plan, Set<BlockId> parents) throws IOException {
        if (made.block().isEmpty()) {
            LOG.info("nothing of it is to be shipped", "blocks", plan.sources(), "why", plan.reason());
            spool.nothingLeft(parents);
            return Optional.empty();
        }
        RewrittenBlock block = made.block().get();
        Optional<Place> before = spool.find(block.meta().id());
        if (before.isPresent()) {
            throw new IOException("%s of %s is in %s already"
                    .formatted(block.meta().id(), plan.sources(), before.get().directory()));
        }
        LOG.info(
                "block was written anew",
                "block",
                block.meta().id(),
                "of",
                plan.sources(),
                "samples",
                block.meta().stats().numSamples());
        return Optional.of(spool.takeRewritten(block.dir(), plan.origins(), parents));
    }
}
