package io.edgeship.compact.intake;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Takes in single items that have a manifest, and answers them. For one cycle; not thread-safe.
final class ItemIntake {
    private final Bucket bucket;
    private final IntakeConfig config;
    private final BucketView view;
    private final Instant now;
    private final byte[] buffer;
    private final Receipts receipts;
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
        receipts = new Receipts(bucket, now);
        metaCheck = new MetaCheck(config.siteLabel(), view, now);
    }

    /// Of pieces, so far.
    long bytesRead() {
        return bytesRead;
    }

    /// @throws BucketException what the store could not do; the next cycle goes on from there
    Fate take(InboxItem item) throws IOException {
        byte[] bytes;
        try (InputStream in = bucket.get(item.manifestKey())) {
            bytes = in.readNBytes(TransportMessages.BYTES_MAX + 1);
        } catch (BucketException.NotFound e) {
            return new Fate.Gone();
        }
        Receipt last;
        try {
            last = receipts.last(item);
        } catch (UnsupportedVersionException e) {
            return new Fate.Held("a later centre has answered it: " + e.getMessage());
        }
        int attempt = last.getAttempt() + 1; // what a manifest that cannot be read should have said
        Fate fate;
        try {
            attempt = ManifestScan.attempt(bytes);
            if (isFinal(last) && Integer.compareUnsigned(attempt, last.getAttempt()) <= 0) {
                fate = new Fate.Cleared();
            } else {
                fate = judge(item, last, bytes);
            }
        } catch (RejectedException e) {
            fate = new Fate.Rejected(e.words());
        }
        return answer(item, attempt, last, fate);
    }

    /// Whether the answer stands: a late duplicate of what was answered so never brings a block back that may have
    /// been compacted and deleted since.
    private static boolean isFinal(Receipt receipt) {
        return receipt.getVerdict() == Verdict.VERDICT_ACCEPTED || receipt.getVerdict() == Verdict.VERDICT_REJECTED;
    }

    private Fate judge(InboxItem item, Receipt last, byte[] bytes) throws IOException, RejectedException {
        Manifest manifest;
        try {
            manifest = TransportMessages.manifest(item.manifestKey(), bytes);
        } catch (CorruptFormatException e) {
            throw new RejectedException("manifest", String.valueOf(e.getMessage()));
        } catch (UnsupportedVersionException e) {
            return new Fate.TooNew(e.getMessage() + "; upgrade the centre");
        }
        ItemPlan plan = ItemPlan.of(item, manifest, config.maxItemBytes());
        Optional<CommittedBlock> there;
        try {
            there = CommittedBlock.find(bucket, item);
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return new Fate.Held("the bucket has a block of this ULID that cannot be read: " + e.getMessage());
        }
        return isInNoNeedOfPieces(item, plan, last, there) ? new Fate.Accepted(null) : fromPieces(item, plan, there);
    }

    /// What was accepted once stays accepted, unless this is another block.
    private boolean isInNoNeedOfPieces(InboxItem item, ItemPlan plan, Receipt last, Optional<CommittedBlock> there)
            throws IOException {
        boolean acceptedBefore = last.getVerdict() == Verdict.VERDICT_ACCEPTED;
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
        BitSet absent = new ItemFolder(bucket, item).absent(plan);
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
        List<PieceName> pieces = first.mapToObj(plan::piece).toList();
        return new Fate.Missing(pieces);
    }

    /// The receipt is written before anything is removed; where it says what the last one said, nothing is
    /// written. One that is final never names an attempt before the last one's.
    private Fate answer(InboxItem item, int attempt, Receipt last, Fate fate) throws BucketException {
        int latest = Integer.compareUnsigned(attempt, last.getAttempt()) < 0 ? last.getAttempt() : attempt;
        return switch (fate) {
            case Fate.Accepted _ -> {
                new BlockPlace(bucket, view, item).dropUnfinished();
                receipts.write(item, latest, Verdict.VERDICT_ACCEPTED, "", List.of());
                new ItemFolder(bucket, item).remove();
                yield fate;
            }
            case Fate.Rejected(var why) -> {
                receipts.write(item, latest, Verdict.VERDICT_REJECTED, why, List.of());
                new ItemFolder(bucket, item).remove();
                yield fate;
            }
            case Fate.Cleared _ -> {
                new ItemFolder(bucket, item).remove();
                yield fate;
            }
            case Fate.Missing(var pieces) -> {
                String detail = "%d pieces are missing or damaged".formatted(pieces.size());
                yield tell(item, attempt, last, Verdict.VERDICT_MISSING, detail, pieces) ? fate : new Fate.Told();
            }
            case Fate.TooNew(var why) ->
                tell(item, attempt, last, Verdict.VERDICT_TOO_NEW, why, List.of()) ? fate : new Fate.Told();
            case Fate.Held _, Fate.Told _, Fate.Gone _ -> fate;
        };
    }

    /// Says so unless it was said. A manifest that came after its answer is answered anew, though it bear the same
    /// attempt or an older one: a late duplicate may have taken the place of a newer manifest, whose site waits
    /// for an answer that nothing else would cause.
    private boolean tell(
            InboxItem item, int attempt, Receipt last, Verdict verdict, String detail, List<PieceName> pieces)
            throws BucketException {
        boolean said = last.getVerdict() == verdict
                && Integer.compareUnsigned(last.getAttempt(), attempt) >= 0
                && item.isReceiptNewer();
        boolean told = said || last.getVerdict() == Verdict.VERDICT_ACCEPTED;
        if (!told) {
            receipts.write(item, attempt, verdict, detail, pieces);
        }
        return !told;
    }
}
