package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.ObjectRange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/// A bucket that another one can take the place of while calls are under way: each call stays with the bucket it began
/// on, and that is closed after the last of them. A stream is under way until it is closed. Thread-safe.
final class SwitchingBucket extends ForwardingBucket {
    private volatile Leased current;

    SwitchingBucket(Bucket first) {
        super(first);
        current = new Leased(first);
    }

    @Override
    protected Bucket inner() {
        return current.bucket;
    }

    void switchTo(Bucket next) {
        Leased before = current;
        current = new Leased(next);
        before.release();
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        Leased leased = lease();
        try {
            return work.on(leased.bucket);
        } finally {
            leased.release();
        }
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return opened((bucket, leased) -> new LeasedStream(bucket.get(key), leased));
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return opened((bucket, leased) -> new LeasedStream(bucket.get(key, offset, length), leased));
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        return opened((bucket, leased) -> {
            ObjectRange range = bucket.getRange(key, offset, length);
            return new ObjectRange(range.object(), new LeasedStream(range.bytes(), leased));
        });
    }

    private interface Opening<T> {
        T open(Bucket bucket, Leased leased) throws BucketException;
    }

    /// What is opened gives the lease back itself.
    private <T> T opened(Opening<T> opening) throws BucketException {
        Leased leased = lease();
        boolean open = false;
        try {
            T opened = opening.open(leased.bucket, leased);
            open = true;
            return opened;
        } finally {
            if (!open) {
                leased.release();
            }
        }
    }

    private Leased lease() {
        while (true) {
            Leased leased = current;
            if (leased.take()) {
                return leased;
            } // else it was replaced just now
        }
    }

    @Override
    public void close() {
        current.release();
    }

    /// A bucket and how many use it, its owner included.
    private static final class Leased {
        final Bucket bucket;
        private int users = 1;

        Leased(Bucket bucket) {
            this.bucket = bucket;
        }

        synchronized boolean take() {
            if (users == 0) {
                return false;
            }
            users++;
            return true;
        }

        void release() {
            synchronized (this) {
                users--;
                if (users > 0) {
                    return;
                }
            }
            bucket.close();
        }
    }

    private static final class LeasedStream extends FilterInputStream {
        private final Leased leased;
        private final AtomicBoolean closed = new AtomicBoolean();

        LeasedStream(InputStream in, Leased leased) {
            super(in);
            this.leased = leased;
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                if (!closed.getAndSet(true)) {
                    leased.release();
                }
            }
        }
    }
}
