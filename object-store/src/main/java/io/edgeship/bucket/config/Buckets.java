package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.bucket.s3.S3Bucket;
import io.edgeship.runtime.config.ConfigException;

/// Opens the bucket that a configuration names.
public final class Buckets {
    private Buckets() {}

    public static Bucket open(ObjstoreConfig config) throws BucketException, ConfigException {
        return switch (config) {
            case ObjstoreConfig.Filesystem(var directory, var prefix) -> FileBucket.open(directory, prefix);
            case ObjstoreConfig.S3(var settings, var prefix) -> S3Bucket.open(settings, prefix);
        };
    }
}
