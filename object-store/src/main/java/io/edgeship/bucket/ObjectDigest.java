package io.edgeship.bucket;

import java.util.List;

/// What the writer of an object knows of its content: a digest of each part it was sent in.
///
/// @param multipart whether it went as a multipart upload; an object sent in one put has one part
public record ObjectDigest(List<Part> parts, boolean multipart) {
    public ObjectDigest {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || (!multipart && parts.size() != 1)) {
            throw new IllegalArgumentException("a digest of " + parts.size() + " parts, multipart " + multipart);
        }
    }

    public long sizeBytes() {
        return parts.stream().mapToLong(Part::sizeBytes).sum();
    }

    /// @param md5Hex 32 lower-case letters, what S3 makes ETags of; empty where the store is a local one, which
    ///               compares by the other
    /// @param crc32c Castagnoli, what our ledgers hold
    public record Part(long sizeBytes, String md5Hex, int crc32c) {}
}
