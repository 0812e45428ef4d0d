package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.pack.BadPackException;
import io.edgeship.ship.pack.Packer;
import io.edgeship.ship.reduce.ReductionConfig;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.rewrite.Rewriter;
import io.edgeship.ship.seal.SealPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// Has blocks written anew in the spool's workshop and puts the result in their place. What fails is tried again,
/// ever more rarely. Used by the scanning thread, but for [#isUnderWay].
final class Rewriting {
    private static final Log LOG = Log.of(Rewriting.class);

    private final Spool spool;
    private final ReductionConfig reduction;
    private final Bench bench;
    private final Bench beside;
    private final Retries retries = new Retries();
    private volatile Rewriter rewriter = Rewriter.HERE;
    private volatile Packer packer = Packer.HERE;
    private volatile Set<BlockId> underWay = Set.of();

    /// @param block empty if no sample was left
    record Made(Optional<RewrittenBlock> block) {}

    Rewriting(Spool spool, ReductionConfig reduction) {
        this.spool = spool;
        this.reduction = reduction;
        bench = new Bench(spool, "seal");
        beside = new Bench(spool, "sources");
    }

    void by(Rewriter one) {
        rewriter = one;
    }

    /// @param one unpacks blocks of which the spool has only the pack
    void unpackBy(Packer one) {
        packer = one;
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
        bench.leave();
        beside.leave();
    }

    boolean isUnderWay(BlockId id) {
        return underWay.contains(id);
    }

    Retries retries() {
        return retries;
    }

    Made run(BlockId block, SealPlan.Rewrite plan, SortedMap<String, String> labels) throws IOException {
        Path out = bench.cleared();
        Path unpacked = beside.cleared();
        List<Path> sources = new ArrayList<>();
        for (BlockId source : plan.sources()) {
            sources.add(files(source, unpacked));
        }
        RewriteOrder order =
                reduction.order(sources, labels, plan.keep().map(List::of).orElse(List.of()));
        LOG.info("block is written anew", "block", block, "of", plan.sources(), "why", plan.reason());
        try {
            return new Made(rewriter.rewrite(order, out));
        } catch (BadSourceException e) {
            throw e;
        } catch (IOException e) {
            retries.failed(block);
            throw e;
        }
    }

    /// Where a block's files are: in the spool, or unpacked for the purpose.
    private Path files(BlockId id, Path unpacked) throws IOException {
        for (Item item : spool.ready()) {
            if (item.id().equals(id) && !item.hasFiles()) {
                Path block = unpacked.resolve(id.toString());
                try {
                    packer.unpack(item.pack().orElseThrow().path(), block);
                } catch (BadPackException e) {
                    throw new BadSourceException("the pack of %s is damaged: %s".formatted(id, e.getMessage()));
                }
                return block;
            }
        }
        Place place = spool.find(id).orElseThrow(() -> new IOException(id + " is gone"));
        return spool.dir().resolve(place.directory()).resolve(id.toString());
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
