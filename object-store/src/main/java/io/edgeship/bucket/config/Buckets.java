package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.MeteredBucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.bucket.s3.S3Bucket;
import io.edgeship.runtime.config.ConfigException;
import io.micrometer.core.instrument.MeterRegistry;

/// Opens the bucket that a configuration names.
public final class Buckets {
    private Buckets() {}

    /// The bucket, its calls counted in `registry` under Thanos' names.
    public static Bucket open(ObjstoreConfig config, MeterRegistry registry) throws BucketException, ConfigException {
        String name = switch (config) {
            case ObjstoreConfig.Filesystem files -> "fs: " + files.directory().toAbsolutePath();
            case ObjstoreConfig.S3 s3 -> s3.settings().bucket();
        };
        return new MeteredBucket(open(config), name, registry);
    }

    /// The bucket, for a command that ends soon.
    public static Bucket open(ObjstoreConfig config) throws BucketException, ConfigException {
        return switch (config) {
            case ObjstoreConfig.Filesystem(var directory, var prefix) -> FileBucket.open(directory, prefix);
            case ObjstoreConfig.S3(var settings, var prefix) -> S3Bucket.open(settings, prefix);
        };
    }
}
