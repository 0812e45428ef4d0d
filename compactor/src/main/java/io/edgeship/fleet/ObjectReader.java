package io.edgeship.fleet;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads small objects for one pass over the bucket. One that cannot be read is an outcome and stops nobody (I5); a
/// store that fails again and again is an exception.
final class ObjectReader {
    /// Each failure has the store's whole patience behind it: after so many the store is down, not an object bad.
    static final int UNAVAILABLE_MAX = 20;

    private final Bucket bucket;
    private int unavailable;
    private int read;
    private BucketException.@Nullable AccessDenied denied;

    ObjectReader(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What came of one read.
    sealed interface Outcome {
        record Bytes(byte[] bytes) implements Outcome {}

        /// Deleted since it was listed.
        record Gone() implements Outcome {}

        /// It is there and cannot be read, now or ever.
        record Unreadable(String why) implements Outcome {}

        /// The store did not hand it out just now; the next pass may well read it.
        record Failed(String why) implements Outcome {}
    }

    Outcome read(ObjectInfo object, int bytesMax) throws IOException {
        if (object.sizeBytes() > bytesMax) {
            return new Outcome.Unreadable(
                    "%s has %d bytes, limit %d".formatted(object.key(), object.sizeBytes(), bytesMax));
        }
        try (InputStream in = bucket.get(object.key())) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            read++;
            return bytes.length <= bytesMax
                    ? new Outcome.Bytes(bytes)
                    : new Outcome.Unreadable(object.key() + " has more than " + bytesMax + " bytes");
        } catch (BucketException.NotFound e) {
            return new Outcome.Gone();
        } catch (BucketException.AccessDenied e) {
            denied = e;
            return new Outcome.Unreadable(String.valueOf(e.getMessage()));
        } catch (BucketException.Refused e) {
            return new Outcome.Unreadable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (++unavailable > UNAVAILABLE_MAX) {
                throw e;
            }
            return new Outcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    /// Denied on some objects is those objects' trouble; on all of them it is the credentials'.
    void requireNotAllDenied() throws BucketException.AccessDenied {
        if (denied != null && read == 0) {
            throw denied;
        }
    }
}
