package io.edgeship.compact.merge;

import io.edgeship.bucket.UploadedPart;

/// How much memory goes into buffers, known before a byte is read. What the merge itself holds (symbols, postings,
/// the
/// chunks of a series) comes on top.
public final class MergeMemory {
    /// Of all sources of one compaction together, where the store is a remote one.
    private static final long WINDOWS_BYTES = 72L << 20;

    /// A source with less would cost a request for every few chunks.
    private static final long SOURCE_BYTES_MIN = 128 << 10;

    private static final long SOURCE_BYTES_MAX = 8 << 20;

    /// Readers' own windows and what describes an open block.
    private static final long SOURCE_FIXED_BYTES = 128 << 10;

    /// Windows that are fetched ahead.
    static final int AHEAD_MAX = 8;

    /// What is sent at once: the least that S3 takes.
    static final int PART_BYTES = (int) UploadedPart.SIZE_BYTES_MIN;

    /// An index and a segment are filled side by side.
    private static final int FILES_OPEN = 2;

    private MergeMemory() {}

    /// Of buffers at most, of all sources and results of one compaction.
    public static long bufferBytes(int sources, int results, boolean isLocal) {
        long windows = isLocal ? 0 : (sources + AHEAD_MAX) * sourceBytes(sources);
        return windows + sources * SOURCE_FIXED_BYTES + (long) PART_BYTES * (1 + FILES_OPEN * results);
    }

    /// Of windows, of one source of a remote store.
    static long sourceBytes(int sources) {
        return Math.clamp(WINDOWS_BYTES / sources, SOURCE_BYTES_MIN, SOURCE_BYTES_MAX);
    }
}
