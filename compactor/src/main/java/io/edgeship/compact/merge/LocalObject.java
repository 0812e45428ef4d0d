package io.edgeship.compact.merge;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectRange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An object of a store that is this machine's. What is read front to back comes through one open file, and nothing
/// is held in memory. Not thread-safe.
final class LocalObject implements ByteSource {
    /// A reader's own window; the file system reads ahead of it.
    private static final int READER_BYTES = 16 << 10;

    private final Bucket bucket;
    private final String key;
    private final long sizeBytes;
    private final Traffic traffic;
    private @Nullable ObjectRange open;
    private long position; // of `open`
    private @Nullable String eTag; // of the file that was opened first

    LocalObject(Bucket bucket, String key, long sizeBytes, Traffic traffic) {
        this.bucket = bucket;
        this.key = key;
        this.sizeBytes = sizeBytes;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return key;
    }

    @Override
    public long size() {
        return sizeBytes;
    }

    @Override
    public int windowBytes() {
        return READER_BYTES;
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
        if (length == 0) {
            return;
        }
        ObjectRange range = openAt(offset);
        int got = range.bytes().readNBytes(target, at, length);
        position += got;
        traffic.received(got);
        if (got < length) {
            throw new BucketException.Unavailable("reading %s: it ends early".formatted(key), null);
        }
    }

    private ObjectRange openAt(long offset) throws IOException {
        ObjectRange there = open;
        if (there != null && offset == position) {
            return there;
        }
        close();
        ObjectRange range = ObjectRanges.open(bucket, key, sizeBytes, offset, sizeBytes - offset);
        open = range;
        position = offset;
        if (range.object().sizeBytes() != sizeBytes && eTag == null) {
            throw ObjectRanges.otherSize(key, range.object().sizeBytes(), sizeBytes);
        }
        if (eTag != null && !eTag.equals(range.object().eTag())) {
            throw StalePlanException.changed(key, eTag, range.object().eTag());
        }
        eTag = range.object().eTag();
        return range;
    }

    @Override
    public void close() throws IOException {
        ObjectRange there = open;
        open = null;
        if (there != null) {
            there.close();
        }
    }
}
