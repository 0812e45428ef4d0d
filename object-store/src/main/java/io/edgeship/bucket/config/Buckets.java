package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.MeteredBucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.bucket.s3.S3Bucket;
import io.edgeship.runtime.config.ConfigException;
import io.micrometer.core.instrument.MeterRegistry;

/// Opens the bucket that a configuration names.
public final class Buckets {
    private Buckets() {}

    /// The bucket, its calls counted in `registry` under Thanos' names.
    public static Bucket open(ObjstoreConfig config, MeterRegistry registry) throws BucketException, ConfigException {
        return open(config, registry, Link.UNWATCHED, StoreClock.system());
    }

    /// The bucket, its calls counted in `registry` under Thanos' names.
    ///
    /// @param link  what lies before the store: a request over one that is watched is tried once. A directory has
    ///     none and asks it nothing
    /// @param clock is set by what the store says of the time
    public static Bucket open(ObjstoreConfig config, MeterRegistry registry, Link link, StoreClock clock)
            throws BucketException, ConfigException {
        return new MeteredBucket(open(config, link, clock), name(config), registry);
    }

    /// The bucket, for a command that ends soon.
    public static Bucket open(ObjstoreConfig config) throws BucketException, ConfigException {
        return open(config, Link.UNWATCHED, StoreClock.system());
    }

    static Bucket open(ObjstoreConfig config, Link link, StoreClock clock) throws BucketException, ConfigException {
        return switch (config) {
            case ObjstoreConfig.Filesystem(var directory, var prefix) -> FileBucket.open(directory, prefix, clock);
            case ObjstoreConfig.S3(var settings, var prefix) -> S3Bucket.open(settings, prefix, link, clock);
        };
    }

    /// What Thanos gives as label `bucket`.
    static String name(ObjstoreConfig config) {
        return switch (config) {
            case ObjstoreConfig.Filesystem files -> "fs: " + files.directory().toAbsolutePath();
            case ObjstoreConfig.S3 s3 -> s3.settings().bucket();
        };
    }
}
