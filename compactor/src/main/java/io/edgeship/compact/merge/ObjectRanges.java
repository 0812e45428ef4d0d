package io.edgeship.compact.merge;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectRange;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Reads ranges of one object that is not to change meanwhile. A reply that breaks off goes on at the byte where it
/// broke. Thread-safe.
final class ObjectRanges {
    /// Replies of one range that broke after they had begun. What does not begin at all the bucket has tried again
    /// itself.
    private static final int BREAKS_MAX = 8;

    /// What is read over and over is no block that anybody wrote: one made to be read for ever must end (I7).
    private static final int TIMES_READ_MAX = 8;

    private static final long READ_ANYHOW_BYTES = 64L << 20;

    private static final int PIECE_BYTES = 16 << 10;

    private final Bucket bucket;
    private final String key;
    private final long sizeBytes;
    private final Traffic traffic;
    private @Nullable String eTag; // of the first reply
    private long readBytes;

    /// @param sizeBytes as meta.json or the store says
    ObjectRanges(Bucket bucket, String key, long sizeBytes, Traffic traffic) {
        this.bucket = bucket;
        this.key = key;
        this.sizeBytes = sizeBytes;
        this.traffic = traffic;
    }

    String key() {
        return key;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /// Reads `length` bytes from `offset`, all of which lie within the object.
    ///
    /// @throws CorruptFormatException if the object is not as long as its block says
    /// @throws StalePlanException if it is not the object of the reply before
    void read(long offset, MemorySegment target, int length) throws IOException {
        begin(offset, length);
        byte[] piece = new byte[Math.min(length, PIECE_BYTES)];
        int got = 0;
        for (int breaks = 0; got < length; ) {
            ObjectRange range = open(bucket, key, sizeBytes, offset + got, length - got);
            try (range) {
                requireSame(range.object());
                InputStream in = range.bytes();
                while (got < length) {
                    int read = in.read(piece, 0, Math.min(length - got, piece.length));
                    if (read < 0) {
                        throw new BucketException.Unavailable("reading %s: it ends early".formatted(key), null);
                    }
                    MemorySegment.copy(piece, 0, target, ValueLayout.JAVA_BYTE, got, read);
                    got += read;
                    traffic.received(read);
                }
            } catch (BucketException.Unavailable e) {
                if (got < length && ++breaks > BREAKS_MAX) {
                    throw e;
                }
            }
        }
    }

    /// Opens a range of an object that is to be so long.
    ///
    /// @throws CorruptFormatException if it is shorter: stores refuse a range past the end
    static ObjectRange open(Bucket bucket, String key, long sizeBytes, long offset, long length) throws IOException {
        try {
            return bucket.getRange(key, offset, length);
        } catch (BucketException.Refused e) {
            long actual = bucket.head(key).map(ObjectInfo::sizeBytes).orElse(sizeBytes);
            throw actual == sizeBytes ? e : otherSize(key, actual, sizeBytes);
        }
    }

    static CorruptFormatException otherSize(String key, long actual, long sizeBytes) {
        return new CorruptFormatException(key, 0, "has %d bytes, its block says %d".formatted(actual, sizeBytes));
    }

    private synchronized void begin(long offset, int length) throws CorruptFormatException {
        readBytes += length;
        if (readBytes > TIMES_READ_MAX * sizeBytes + READ_ANYHOW_BYTES) {
            throw new CorruptFormatException(key, offset, "is read over and over: what it holds is in no order");
        }
    }

    private synchronized void requireSame(ObjectInfo object) throws IOException {
        if (eTag == null) {
            eTag = object.eTag();
            if (object.sizeBytes() != sizeBytes) {
                throw otherSize(key, object.sizeBytes(), sizeBytes);
            }
        } else if (!eTag.equals(object.eTag()) || object.sizeBytes() != sizeBytes) {
            throw StalePlanException.changed(key, eTag, object.eTag());
        }
    }
}
