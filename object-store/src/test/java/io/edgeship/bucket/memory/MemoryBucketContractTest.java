package io.edgeship.bucket.memory;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketContract;
import java.util.EnumSet;
import java.util.Set;

class MemoryBucketContractTest extends BucketContract {
    private final Bucket bucket = new MemoryBucket();

    @Override
    protected Bucket bucket() {
        return bucket;
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.noneOf(Lack.class);
    }
}
