package io.edgeship.bucket;

import java.time.Instant;

/// What the store says of an object. The ETag is without quotes; what it means is the store's affair.
public record ObjectInfo(String key, long sizeBytes, String eTag, Instant lastModified) {}
