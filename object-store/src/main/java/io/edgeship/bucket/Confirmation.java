package io.edgeship.bucket;

/// What [Bucket#confirm] found.
public enum Confirmation {
    /// Size and content are as expected.
    MATCHES,
    /// The size is as expected; this store's ETag says nothing about the content (SSE-KMS, SSE-C).
    SIZE_MATCHES,
    /// Another object is there.
    DIFFERS,
    /// No object is there.
    MISSING
}
