package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
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
        return opened(bucket -> bucket.get(key));
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return opened(bucket -> bucket.get(key, offset, length));
    }

    private InputStream opened(Work<InputStream> work) throws BucketException {
        Leased leased = lease();
        InputStream stream = null;
        try {
            stream = new LeasedStream(work.on(leased.bucket), leased);
            return stream;
        } finally {
            if (stream == null) {
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
