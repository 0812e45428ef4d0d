package io.edgeship.compact.plan;

import io.edgeship.bucket.UploadedPart;

/// How much memory goes into buffers, known before a byte is read. What the merge itself holds (symbols, postings, the
/// chunks of a series) comes on top.
public final class MergeMemory {
    /// Of all sources of one compaction together, where the store is a remote one: a block of a site then takes four
    /// requests or five.
    private static final long WINDOWS_BYTES = 48L << 20;

    /// A source with less would cost a request for every few chunks.
    private static final long SOURCE_BYTES_MIN = 128 << 10;

    private static final long SOURCE_BYTES_MAX = 8 << 20;

    /// Windows that are fetched ahead.
    public static final int AHEAD_MAX = 8;

    private static final int LOCAL_PART_BYTES = 2 << 20;

    private MergeMemory() {}

    /// Of windows at most, over all sources of one compaction. They are outside the heap.
    ///
    /// @param readBytes of all sources
    public static long windowBytes(int sources, long readBytes) {
        return Math.min(readBytes, (sources + AHEAD_MAX) * sourceBytes(sources));
    }

    /// Of parts at most, of all results of one compaction. Each fills a part of its chunks and one of its index, and
    /// one part of all of them is on its way.
    ///
    /// @param indexBytes of each result
    public static long partsBytes(int results, long indexBytes, boolean isLocal) {
        long part = partBytes(isLocal);
        return part + results * (part + Math.min(indexBytes, part));
    }

    /// What is sent at once: the least that S3 takes, and less where nobody asks for so much.
    public static int partBytes(boolean isLocal) {
        return isLocal ? LOCAL_PART_BYTES : (int) UploadedPart.SIZE_BYTES_MIN;
    }

    /// Of windows, of one source of a remote store.
    public static long sourceBytes(int sources) {
        return Math.clamp(WINDOWS_BYTES / sources, SOURCE_BYTES_MIN, SOURCE_BYTES_MAX);
    }
}
