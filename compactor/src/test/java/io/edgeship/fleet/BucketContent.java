package io.edgeship.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A bucket whose objects a test writes with the age it wants, behind everybody's back.
public abstract class BucketContent {
    public abstract Bucket open() throws BucketException;

    public abstract BucketContent put(String key, byte[] bytes, Duration age) throws IOException;

    /// Of an object that is there.
    public abstract byte[] read(String key) throws IOException;

    public abstract boolean holds(String key);

    public abstract void delete(String key) throws IOException;

    /// Keys of all objects.
    public abstract List<String> keys() throws IOException;

    /// Removes everything.
    public abstract void clear() throws IOException;

    public BucketContent put(String key, String text, Duration age) throws IOException {
        return put(key, text.getBytes(UTF_8), age);
    }

    /// A whole block of site `a`.
    public BucketContent block(BlockId id, Duration age) throws IOException {
        return block(id, BucketFolder.meta(id, 0, 7_200_000, "a"), age);
    }

    public BucketContent block(BlockId id, String meta, Duration age) throws IOException {
        return data(id, age).put(id + "/meta.json", meta, age);
    }

    /// The files of a block without its meta.json.
    public BucketContent data(BlockId id, Duration age) throws IOException {
        return put(id + "/chunks/000001", "chunks", age).put(id + "/index", "index", age);
    }

    /// A deletion mark that is `age` old, by what it says and by the store's clock.
    public BucketContent mark(BlockId id, Duration age) throws IOException {
        return put(
                id + "/deletion-mark.json", BucketFolder.mark(id, Instant.now().minus(age)), age);
    }

    public BucketContent heartbeat(Heartbeat heartbeat, Duration age) throws IOException {
        String key = BucketLayout.heartbeatKey(heartbeat.getSite(), heartbeat.getIncarnation());
        return put(key, heartbeat.toByteArray(), age);
    }

    public List<String> keysOf(BlockId id) throws IOException {
        return keys().stream()
                .filter(key -> key.startsWith(id + "/"))
                .map(key -> key.substring(BlockId.LENGTH + 1))
                .toList();
    }
}
