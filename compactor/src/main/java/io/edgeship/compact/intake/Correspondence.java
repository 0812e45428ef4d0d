package io.edgeship.compact.intake;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/// What is said to sites: reads manifests, has them judged, answers. For one cycle; not thread-safe.
public final class Correspondence {
    private final Bucket bucket;
    private final Receipts receipts;

    /// @param now by the store's clock
    public Correspondence(Bucket bucket, Instant now) {
        this.bucket = bucket;
        receipts = new Receipts(bucket, now);
    }

    /// Decides on an item.
    @FunctionalInterface
    public interface Judge {
        Fate judge(Question question) throws IOException, RejectedException;
    }

    /// Has an item judged that has a manifest, and answers it unless the judge postpones that.
    ///
    /// @throws BucketException what the store could not do; the next cycle goes on from there
    public Fate take(InboxItem item, Judge judge) throws IOException {
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
                fate = judge(item, last, bytes, judge);
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

    private static Fate judge(InboxItem item, Receipt last, byte[] bytes, Judge judge)
            throws IOException, RejectedException {
        Manifest manifest;
        try {
            manifest = TransportMessages.manifest(item.manifestKey(), bytes);
        } catch (CorruptFormatException e) {
            throw new RejectedException("manifest", String.valueOf(e.getMessage()));
        } catch (UnsupportedVersionException e) {
            return new Fate.TooNew(e.getMessage() + "; upgrade the centre");
        }
        return judge.judge(new Question(item, manifest, manifest.getAttempt(), last));
    }

    /// Answers what was postponed.
    public Fate answer(Question question, Fate fate) throws BucketException {
        return answer(question.item(), question.attempt(), question.last(), fate);
    }

    /// The receipt is written before anything is removed; where it says what the last one said, nothing is
    /// written. One that is final never names an attempt before the last one's.
    private Fate answer(InboxItem item, int attempt, Receipt last, Fate fate) throws BucketException {
        int latest = Integer.compareUnsigned(attempt, last.getAttempt()) < 0 ? last.getAttempt() : attempt;
        return switch (fate) {
            case Fate.Accepted _ -> {
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
            case Fate.Held _, Fate.Postponed _, Fate.Told _, Fate.Gone _ -> fate;
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
