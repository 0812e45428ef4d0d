package io.edgeship.compact.lock;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;

/// What a lock's object says: `{"version": 1, "stream", "holder", "released": true?, "write": random}`.
///
/// @param write differs from write to write, so that no two have one ETag: who replaces by ETag replaces what he saw
record LockFile(String stream, String holder, boolean released, String write) {
    private static final int BYTES_MAX = 64 << 10;
    private static final int VERSION = 1;

    private static final Log LOG = Log.of(LockFile.class);

    static LockFile of(String stream, String holder, boolean released) {
        return new LockFile(stream, holder, released, UUID.randomUUID().toString());
    }

    /// Empty where there is none, and for what cannot be read: then its age decides.
    static Optional<LockFile> read(Bucket bucket, String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return Optional.of(parse(key, in.readNBytes(BYTES_MAX)));
        } catch (CorruptFormatException | BucketException.NotFound e) {
            LOG.warn("lock cannot be read, it counts as held until it expires", "key", key, "why", e.getMessage());
            return Optional.empty();
        }
    }

    private static LockFile parse(String key, byte[] json) throws IOException {
        JsonObject lock = JsonObject.parse(key, json);
        if (lock.requiredInteger("version") != VERSION) {
            throw lock.corrupt("version", "is of a later build");
        }
        return new LockFile(
                lock.requiredText("stream"),
                lock.requiredText("holder"),
                lock.flag("released"),
                lock.requiredText("write"));
    }

    Body body() {
        return Body.of(JsonObject.empty()
                .with("version", VERSION)
                .with("stream", stream)
                .with("holder", holder)
                .withUnlessEmpty("released", released)
                .with("write", write)
                .toCompactBytes());
    }
}
