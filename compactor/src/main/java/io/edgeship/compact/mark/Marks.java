package io.edgeship.compact.mark;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Sets and takes back the marks of blocks, in the bytes of Thanos and by the store's clock (I6). A mark that is
/// there is left as it is, for its time decides when the block goes: only one that nobody can read is replaced.
/// Thread-safe.
public final class Marks {
    private static final int MARK_BYTES_MAX = 64 << 10;

    private static final Log LOG = Log.of(Marks.class);

    private final Bucket bucket;

    public Marks(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What came of it. Both leave a mark behind.
    public enum Outcome {
        SET,
        WAS_THERE
    }

    private record Written(Outcome outcome, String eTag) {
        static final Written WAS_THERE = new Written(Outcome.WAS_THERE, "");

        static Written of(ObjectInfo mark) {
            return new Written(Outcome.SET, mark.eTag());
        }
    }

    /// The block is deleted a while after now.
    public Outcome delete(BlockId id, DeletionReason why) throws IOException {
        return set(new Mark.Deletion(id, why.details(), now())).outcome();
    }

    /// As [#delete].
    ///
    /// @return the mark as the next look at the bucket will see it; without an ETag where another was there already
    public BucketBlock.SeenMark deleteSeen(BlockId id, DeletionReason why) throws IOException {
        Instant now = now();
        Written written = set(new Mark.Deletion(id, why.details(), now));
        return new BucketBlock.SeenMark(BucketBlock.millis(now), written.eTag(), why.details());
    }

    public Outcome noCompact(BlockId id, NoCompactReason reason, String details) throws IOException {
        return set(new Mark.NoCompact(id, details, now(), reason.text())).outcome();
    }

    public Outcome noDownsample(BlockId id, NoCompactReason reason, String details) throws IOException {
        return set(new Mark.NoDownsample(id, details, now(), reason.text())).outcome();
    }

    /// Takes back the mark of this file name, if there is one.
    public void remove(BlockId id, String fileName) throws BucketException {
        bucket.delete(BucketLayout.key(id, fileName));
    }

    private Instant now() {
        return bucket.clock().bestTime().truncatedTo(ChronoUnit.SECONDS);
    }

    private Written set(Mark mark) throws IOException {
        String key = BucketLayout.key(mark.id(), fileName(mark));
        Body body = Body.of(mark.toJson());
        try {
            return Written.of(bucket.putIfAbsent(key, body));
        } catch (BucketException.PreconditionFailed e) {
            return replaceUnlessReadable(key, mark, body);
        } catch (BucketException.Unsupported e) {
            return setUnconditionally(key, mark, body);
        }
    }

    private Written replaceUnlessReadable(String key, Mark mark, Body body) throws IOException {
        Optional<ObjectInfo> there = bucket.head(key);
        if (there.isEmpty() || isReadable(key, mark)) {
            return Written.WAS_THERE; // or was taken back a moment ago, which somebody meant
        }
        LOG.warn("a mark that nobody can read is replaced", "key", key);
        try {
            return Written.of(bucket.putIfMatches(key, body, there.get().eTag()));
        } catch (BucketException.PreconditionFailed e) {
            return Written.WAS_THERE; // by another hand, just now
        }
    }

    /// Between look and write another hand may write the same; the later one wins, which keeps the block longer.
    private Written setUnconditionally(String key, Mark mark, Body body) throws IOException {
        if (bucket.head(key).isPresent() && isReadable(key, mark)) {
            return Written.WAS_THERE;
        }
        return Written.of(bucket.put(key, body));
    }

    /// A mark of a later version is left to whoever understands it.
    private boolean isReadable(String key, Mark wanted) throws IOException {
        try (InputStream in = bucket.get(key)) {
            byte[] json = in.readNBytes(MARK_BYTES_MAX);
            return isSound(parsed(key, json, wanted), wanted.id());
        } catch (CorruptFormatException e) {
            return false;
        } catch (UnsupportedVersionException | BucketException.NotFound e) {
            return true;
        }
    }

    /// By the rules of [io.edgeship.fleet.BucketSync], which takes any other as absent.
    private static boolean isSound(Mark mark, BlockId id) {
        boolean hasTime =
                !(mark instanceof Mark.Deletion deletion) || deletion.at().getEpochSecond() > 0;
        return hasTime && mark.id().equals(id);
    }

    private static Mark parsed(String key, byte[] json, Mark wanted) throws IOException {
        return switch (wanted) {
            case Mark.Deletion _ -> Mark.Deletion.parse(key, json);
            case Mark.NoCompact _ -> Mark.NoCompact.parse(key, json);
            case Mark.NoDownsample _ -> Mark.NoDownsample.parse(key, json);
        };
    }

    private static String fileName(Mark mark) {
        return switch (mark) {
            case Mark.Deletion _ -> Mark.Deletion.FILE_NAME;
            case Mark.NoCompact _ -> Mark.NoCompact.FILE_NAME;
            case Mark.NoDownsample _ -> Mark.NoDownsample.FILE_NAME;
        };
    }
}
