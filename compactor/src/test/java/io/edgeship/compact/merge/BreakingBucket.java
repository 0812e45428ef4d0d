package io.edgeship.compact.merge;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.ObjectRange;
import java.io.FilterInputStream;
import java.io.IOException;

/// A remote store whose replies break off after so many bytes.
final class BreakingBucket extends ForwardingBucket {
    private final int breaksAfter;

    BreakingBucket(Bucket inner, int breaksAfter) {
        super(inner);
        this.breaksAfter = breaksAfter;
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        return work.on(inner());
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        ObjectRange range = super.getRange(key, offset, length);
        return new ObjectRange(range.object(), new FilterInputStream(range.bytes()) {
            private int left = breaksAfter;

            @Override
            public int read(byte[] target, int at, int count) throws IOException {
                if (left == 0) {
                    throw new BucketException.Unavailable("reading " + key + ": the test cut the reply", null);
                }
                int read = super.read(target, at, Math.min(count, left));
                left -= Math.max(read, 0);
                return read;
            }
        });
    }
}
