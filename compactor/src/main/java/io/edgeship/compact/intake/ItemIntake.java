package io.edgeship.compact.intake;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Takes in single items that have a manifest, and answers them. For one cycle; not thread-safe.
final class ItemIntake implements ItemTaker {
    /// Pieces that one cycle reads, so that it ends and publishes what it took in; the next goes on.
    static final long BYTES_MAX = 32L << 30;

    private final Bucket bucket;
    private final IntakeConfig config;
    private final BucketView view;
    private final Instant now;
    private final byte[] buffer;
    private final Correspondence correspondence;
    private final MetaCheck metaCheck;
    private long bytesRead;

    /// @param now    by the store's clock
    /// @param buffer for one part
    ItemIntake(Bucket bucket, IntakeConfig config, BucketView view, Instant now, byte[] buffer) {
        this.bucket = bucket;
        this.config = config;
        this.view = view;
        this.now = now;
        this.buffer = buffer;
        correspondence = new Correspondence(bucket, now);
        metaCheck = new MetaCheck(config.siteLabel(), view, now);
    }

    @Override
    public boolean isFull() {
        return bytesRead >= BYTES_MAX;
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public Fate take(InboxItem item) throws IOException {
        return correspondence.take(item, question -> {
            Fate fate = judge(question);
            if (fate instanceof Fate.Accepted) {
                new BlockPlace(bucket, view, item).dropUnfinished();
            }
            return fate;
        });
    }

    private Fate judge(Question question) throws IOException, RejectedException {
        InboxItem item = question.item();
        if (question.manifest().getKind() == Manifest.Kind.KIND_LOGS) {
            return new Fate.Held("it is of log chunks, which belong into the bucket of logs.objstore");
        }
        ItemPlan plan = ItemPlan.of(item, question.manifest(), config.maxItemBytes());
        Optional<CommittedBlock> there;
        try {
            there = CommittedBlock.find(bucket, item);
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return new Fate.Held("the bucket has a block of this ULID that cannot be read: " + e.getMessage());
        }
        return isInNoNeedOfPieces(item, plan, question.wasAccepted(), there)
                ? new Fate.Accepted(null)
                : fromPieces(item, plan, there);
    }

    /// What was accepted once stays accepted, unless this is another block.
    private boolean isInNoNeedOfPieces(
            InboxItem item, ItemPlan plan, boolean acceptedBefore, Optional<CommittedBlock> there) throws IOException {
        if (there.isEmpty()) {
            return acceptedBefore;
        }
        boolean sameMeta = there.get().wasMadeOf(plan) && there.get().isOf(item.site(), config.siteLabel());
        if (!acceptedBefore && !sameMeta) {
            return false;
        }
        CommittedBlock.Files files = there.get().compare(bucket, plan);
        return files == CommittedBlock.Files.SAME || (acceptedBefore && files == CommittedBlock.Files.INCOMPLETE);
    }

    private Fate fromPieces(InboxItem item, ItemPlan plan, Optional<CommittedBlock> there)
            throws IOException, RejectedException {
        BitSet absent = new ItemFolder(bucket, item).absent(plan.cut());
        if (!absent.isEmpty()) {
            return missing(plan, absent);
        }
        Assembly assembly = Assembly.of(bucket, item, plan, buffer);
        try {
            byte[] json = assembly.readMeta();
            if (json == null) {
                return missing(plan, assembly.damaged());
            }
            return build(item, plan, assembly, metaCheck.check(item, plan, json), there);
        } catch (UnsupportedVersionException e) {
            return new Fate.TooNew(e.getMessage() + "; upgrade the centre");
        } finally {
            bytesRead += assembly.bytesRead();
        }
    }

    private Fate build(InboxItem item, ItemPlan plan, Assembly assembly, BlockMeta sent, Optional<CommittedBlock> there)
            throws IOException, RejectedException {
        BlockPlace place = new BlockPlace(bucket, view, item);
        if (there.isPresent()) {
            if (isWhole(plan, sent, there.get())) {
                return new Fate.Accepted(null);
            }
        } else {
            Optional<String> notOurs = place.notOurs(plan);
            if (notOurs.isPresent()) {
                return new Fate.Held(notOurs.get());
            }
        }
        if (!assembly.writeData()) {
            return missing(plan, assembly.damaged());
        }
        BlockMeta committed = there.isPresent() ? there.get().meta() : place.commit(sent, now);
        return new Fate.Accepted(BucketBlock.committed(committed, plan.sizeBytes()));
    }

    /// Whether the block that is there is this one; false if it lacks a file that the pieces can give back.
    private boolean isWhole(ItemPlan plan, BlockMeta sent, CommittedBlock there) throws IOException, RejectedException {
        Optional<String> difference = there.differenceFrom(sent);
        if (difference.isPresent()) {
            throw new RejectedException("block.exists", "the bucket's block differs: " + difference.get());
        }
        return switch (there.compare(bucket, plan)) {
            case SAME -> true;
            case INCOMPLETE -> false;
            case DIFFERENT -> throw new RejectedException("block.exists", "a file of the bucket's block differs");
        };
    }

    private static Fate missing(ItemPlan plan, BitSet numbers) {
        IntStream first = numbers.stream().limit(Receipts.PIECES_MAX);
        List<PieceName> pieces = first.mapToObj(plan.cut()::piece).toList();
        return new Fate.Missing(pieces);
    }
}
