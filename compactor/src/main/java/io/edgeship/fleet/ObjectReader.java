package io.edgeship.fleet;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.concurrent.Tasks;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Reads small objects for one pass over the bucket, several at once. One that cannot be read is an outcome and stops
/// nobody (I5); a store that fails again and again is an exception. Thread-safe.
final class ObjectReader implements Closeable {
    /// Each failure has the store's whole patience behind it: after so many the store is down, not an object bad.
    static final int UNAVAILABLE_MAX = 20;

    private final Bucket bucket;
    private final int atOnce;
    private final Semaphore places;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    // Guarded by this.
    private int unavailable;
    private int read;
    private BucketException.@Nullable AccessDenied denied;

    /// @param atOnce requests under way; of 1, nothing is done in another thread
    ObjectReader(Bucket bucket, int atOnce) {
        this.bucket = bucket;
        this.atOnce = atOnce;
        places = new Semaphore(atOnce, true);
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

    /// A read that goes on while others are begun.
    static final class Begun {
        private final Future<Outcome> outcome;

        private Begun(Future<Outcome> outcome) {
            this.outcome = outcome;
        }

        /// Waits for it. Throws as [#read] does.
        Outcome await() throws IOException {
            return Tasks.await(outcome, "reading");
        }
    }

    /// As [#read], which may be under way when this returns.
    Begun begin(ObjectInfo object, int bytesMax) {
        if (atOnce == 1) {
            FutureTask<Outcome> done = new FutureTask<>(() -> read(object, bytesMax));
            done.run();
            return new Begun(done);
        }
        return new Begun(threads.submit(() -> {
            places.acquire();
            try {
                return read(object, bytesMax);
            } finally {
                places.release();
            }
        }));
    }

    /// Is told what came of each object.
    @FunctionalInterface
    interface Taker {
        void take(ObjectInfo object, Outcome outcome) throws IOException;
    }

    /// Reads all of them, and tells of them in their order; only a few are in memory at a time.
    void readAll(List<ObjectInfo> objects, int bytesMax, Taker taker) throws IOException {
        Deque<Begun> ahead = new ArrayDeque<>();
        int begun = 0;
        for (ObjectInfo object : objects) {
            while (begun < objects.size() && ahead.size() < atOnce) {
                ahead.add(begin(objects.get(begun++), bytesMax));
            }
            taker.take(object, ahead.remove().await());
        }
    }

    Outcome read(ObjectInfo object, int bytesMax) throws IOException {
        if (object.sizeBytes() > bytesMax) {
            return new Outcome.Unreadable(
                    "%s has %d bytes, limit %d".formatted(object.key(), object.sizeBytes(), bytesMax));
        }
        try (InputStream in = bucket.get(object.key())) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            count();
            return bytes.length <= bytesMax
                    ? new Outcome.Bytes(bytes)
                    : new Outcome.Unreadable(object.key() + " has more than " + bytesMax + " bytes");
        } catch (BucketException.NotFound e) {
            return new Outcome.Gone();
        } catch (BucketException.AccessDenied e) {
            note(e);
            return new Outcome.Unreadable(String.valueOf(e.getMessage()));
        } catch (BucketException.Refused e) {
            return new Outcome.Unreadable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            requireAvailable(e);
            return new Outcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private synchronized void count() {
        read++;
    }

    private synchronized void note(BucketException.AccessDenied e) {
        denied = e;
    }

    private synchronized void requireAvailable(IOException e) throws IOException {
        if (++unavailable > UNAVAILABLE_MAX) {
            throw e;
        }
    }

    /// Denied on some objects is those objects' trouble; on all of them it is the credentials'.
    synchronized void requireNotAllDenied() throws BucketException.AccessDenied {
        if (denied != null && read == 0) {
            throw denied;
        }
    }

    /// Ends what is under way.
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
