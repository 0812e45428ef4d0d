package io.edgeship.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.bucket.Capabilities.Support;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// Finds out what a store can do by trying it on one small object, once at start.
public final class CapabilityProbe {
    private CapabilityProbe() {}

    /// Tries what is unknown and tells the bucket too. What the credentials or the link do not allow to
    /// try stays [Support#UNKNOWN]; nothing is thrown, for nothing depends on it. The object
    /// `<keyPrefix>/probe` stays, so that no permission to delete is needed.
    public static Capabilities probe(Bucket bucket, String keyPrefix) {
        Capabilities known = bucket.capabilities();
        if (known.conditionalPut() != Support.UNKNOWN && known.batchDelete() != Support.UNKNOWN) {
            return known;
        }
        String key = keyPrefix + "/probe";
        Support conditionalPut = conditionalPut(bucket, key);
        if (conditionalPut == Support.UNKNOWN) {
            return known; // no link, or no leave to write: the rest would fare no better
        }
        Capabilities found = new Capabilities(conditionalPut, batchDelete(bucket, key), checksums(bucket, key));
        bucket.learn(found);
        return found;
    }

    private interface Attempt {
        void run() throws BucketException;
    }

    /// Who wants to be first where something lies already must lose. A store that ignores the condition lets him win.
    private static Support conditionalPut(Bucket bucket, String key) {
        return attempt(() -> {
            bucket.put(key, unique()); // not allowed: then nothing is found out
            try {
                bucket.putIfAbsent(key, unique());
            } catch (BucketException.PreconditionFailed | BucketException.AccessDenied e) {
                return; // denied is the look at what is in the way: putting was allowed a moment ago
            }
            throw new BucketException.Unsupported("the condition was ignored", null);
        });
    }

    private static Support batchDelete(Bucket bucket, String key) {
        return attempt(() -> bucket.deleteAll(List.of(key + "-that-never-was")));
    }

    /// A store that checks refuses bytes that are not those the checksum was made of.
    private static Support checksums(Bucket bucket, String key) {
        return attempt(() -> {
            try {
                bucket.put(key, new TwoFaced());
            } catch (BucketException.Refused e) {
                return;
            }
            throw new BucketException.Unsupported("wrong bytes were taken", null);
        });
    }

    private static Support attempt(Attempt attempt) {
        try {
            attempt.run();
            return Support.YES;
        } catch (BucketException.Unsupported | BucketException.Refused e) {
            return Support.NO;
        } catch (BucketException e) {
            return Support.UNKNOWN; // not allowed, or no link: another start may tell
        }
    }

    private static Body unique() {
        return Body.of(UUID.randomUUID().toString().getBytes(UTF_8));
    }

    /// Gives other bytes from the second reading on: the first makes the checksum, the last is sent.
    private static final class TwoFaced implements Body {
        private final AtomicBoolean opened = new AtomicBoolean();

        @Override
        public long sizeBytes() {
            return 5;
        }

        @Override
        public InputStream open() throws IOException {
            return Body.of((opened.getAndSet(true) ? "wrong" : "right").getBytes(UTF_8))
                    .open();
        }
    }
}
