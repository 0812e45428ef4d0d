package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.ItemKind;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.queue.quota.Footprint;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// Replaces raw items by their 5-minute blocks. Used by the scanning thread.
final class Thinning {
    private static final Log LOG = Log.of(Thinning.class);

    private final Spool spool;
    private final Losses losses;
    private final Rewriter rewriter;

    /// Raw items whose 5-minute block is no smaller. Tried again after a restart.
    private final Set<BlockId> futile = new HashSet<>();

    /// In this round: no item is tried twice in one.
    private final Set<BlockId> tried = new HashSet<>();

    private boolean failing;

    Thinning(Spool spool, Losses losses, Rewriter rewriter) {
        this.spool = spool;
        this.losses = losses;
        this.rewriter = rewriter;
    }

    /// What went wrong before may go well now.
    void begin() {
        failing = false;
        tried.clear();
    }

    /// Whether it is worth a try. A 5-minute block is hardly smaller than a pack of the raw one.
    boolean mayThin(Item item) throws IOException {
        return item.kind() == ItemKind.BLOCK
                && item.hasFiles()
                && !failing
                && !futile.contains(item.id())
                && !tried.contains(item.id())
                && isRaw(item.meta());
    }

    private static boolean isRaw(BlockMeta meta) {
        ThanosMeta thanos = meta.thanos();
        return thanos != null && thanos.resolutionMillis() == 0;
    }

    /// Writing the new block takes time and holds no monitor; what was begun to be sent meanwhile stays as it is.
    ///
    /// @param untouched asked under the spool's monitor
    /// @return whether the item was replaced
    boolean thin(Item item, Predicate<Item> untouched) throws IOException {
        tried.add(item.id());
        Optional<Path> made = write(item);
        if (made.isEmpty()) {
            return false;
        }
        long freesBytes =
                Footprint.of(item.dir()).ownBytes() - Footprint.of(made.get()).ownBytes();
        if (freesBytes <= 0) {
            futile.add(item.id());
            discard(made.get());
            return false;
        }
        synchronized (spool) {
            if (!spool.find(item.id()).equals(Optional.of(Place.READY)) || !untouched.test(item)) {
                discard(made.get());
                return false;
            }
            try {
                replace(item, made.get());
            } catch (IOException e) {
                discardAfter(e, made.get());
                throw e;
            }
        }
        LOG.warn("spool is full: raw block replaced by its 5-minute block", "block", item.id(), "freed", freesBytes);
        return true;
    }

    private Optional<Path> write(Item item) throws IOException {
        ThanosMeta thanos = Objects.requireNonNull(item.meta().thanos(), "not sealed");
        RewriteOrder order = new RewriteOrder(
                List.of(item.dir()),
                thanos.labels(),
                List.of(),
                Relabeling.NONE,
                OptionalInt.empty(),
                Optional.of(Resolution.FIVE_MINUTES));
        try {
            Optional<Path> made = rewriter.rewrite(order, spool.workshop()).map(RewrittenBlock::dir);
            if (made.isEmpty()) {
                futile.add(item.id()); // it has nothing but stale markers
            }
            return made;
        } catch (IOException e) {
            LOG.warn("block cannot be thinned now, most likely for want of room", e, "block", item.id());
            failing = true;
            return Optional.empty();
        }
    }

    private void replace(Item item, Path dir) throws IOException {
        BlockMeta raw = item.meta();
        List<BlockId> origins = spool.origins(item.id());
        Loss loss = losses.of(
                item.id(),
                raw,
                Loss.Reason.REASON_THINNED,
                "the spool is full: only 5-minute aggregates are left, in block " + dir.getFileName());
        Incoming taken =
                spool.takeThinned(dir, origins.isEmpty() ? raw.compaction().sources() : origins, item.id(), loss);
        spool.seal(taken.id(), BlockMeta.read(taken.dir().resolve(BlockMeta.FILE_NAME)));
    }

    private static void discardAfter(IOException reason, Path dir) {
        try {
            if (Files.exists(dir)) {
                discard(dir);
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static void discard(Path dir) throws IOException {
        new DurableFiles(Disk.system()).deleteTree(dir);
    }
}
