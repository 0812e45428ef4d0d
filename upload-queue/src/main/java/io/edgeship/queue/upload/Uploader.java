package io.edgeship.queue.upload;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.Item;
import java.io.IOException;

/// skeleton
public final class Uploader {
    private final Bucket bucket;
    private final UploaderConfig config;
    private final UploadProgress progress;

    public Uploader(Bucket bucket, UploaderConfig config, UploadProgress progress) {
        this.bucket = bucket;
        this.config = config;
        this.progress = progress;
    }

    public Uploader(Bucket bucket, UploaderConfig config) {
        this(bucket, config, UploadProgress.NONE);
    }

    /// @throws io.edgeship.bucket.BucketException what the bucket could not do; what was confirmed is kept
    public Outcome ship(Item item) throws IOException {
        throw new UnsupportedOperationException(item + " " + bucket + config + progress);
    }
}
