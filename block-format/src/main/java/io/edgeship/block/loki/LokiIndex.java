package io.edgeship.block.loki;

import java.util.List;

/// What an index file of Loki says.
///
/// @param version       of the file: 2 to 4
/// @param fromMillis    the earliest time of a chunk in it
/// @param throughMillis the latest
/// @param crc32c        of its table of contents: Loki has it in the file's name
public record LokiIndex(int version, long fromMillis, long throughMillis, int crc32c, List<LokiIndexSeries> series) {
    static final int MAGIC = 0xBAAA_D700;
    static final int FIRST_VERSION = 2;
    static final int FIRST_WITH_PAGES = 3;
    static final int FIRST_WITH_INGESTED = 4;
    static final int NEWEST_VERSION = 4;
    static final int WRITTEN_VERSION = 3;

    /// Series are padded to it, and named by it.
    static final int SERIES_ALIGNMENT = 16;

    static final int PAGE_CHUNKS = 16;
    static final int SERIES_PER_FINGERPRINT_OFFSET = 1024;
    static final int TOC_BYTES = 9 * Long.BYTES + Integer.BYTES;

    public LokiIndex {
        series = List.copyOf(series);
    }
}
