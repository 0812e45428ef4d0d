package io.edgeship.fleet;

import io.edgeship.bucket.memory.MemoryBucket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// In memory, for tests that make many requests.
public final class BucketMemory extends BucketContent {
    private final MemoryBucket bucket;

    public BucketMemory() {
        bucket = MemoryBucket.ofSmallParts();
    }

    /// @param time what the store takes for the time
    public BucketMemory(InstantSource time) {
        bucket = new MemoryBucket(time);
    }

    @Override
    public MemoryBucket open() {
        return bucket;
    }

    @Override
    public BucketMemory put(String key, byte[] bytes, Duration age) {
        if (age.isZero()) {
            bucket.set(key, bytes); // after whatever was written before
        } else {
            bucket.set(key, bytes, Instant.now().minus(age));
        }
        return this;
    }

    @Override
    public byte[] read(String key) throws IOException {
        byte[] bytes = bucket.bytes(key);
        if (bytes == null) {
            throw new IOException("no object " + key);
        }
        return bytes;
    }

    @Override
    public boolean holds(String key) {
        return bucket.bytes(key) != null;
    }

    @Override
    public void delete(String key) throws IOException {
        if (!holds(key)) {
            throw new IOException("no object " + key);
        }
        bucket.remove(key);
    }

    @Override
    public List<String> keys() {
        return bucket.keys("");
    }

    @Override
    public void clear() {
        bucket.clear();
    }
}
