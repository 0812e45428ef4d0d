package io.edgeship.compact.logs;

import io.edgeship.block.loki.LokiIndexedChunk;
import java.util.List;

/// What one segment comes to.
///
/// @param bytes        of its chunks, as they are stored
/// @param newestMillis of the last line; by the site's clock
record SegmentTotals(int chunks, long lines, long bytes, long newestMillis) {
    static SegmentTotals of(List<LokiIndexedChunk> chunks, long bytes) {
        return new SegmentTotals(
                chunks.size(),
                chunks.stream().mapToLong(chunk -> chunk.ref().entries()).sum(),
                bytes,
                chunks.stream()
                        .mapToLong(chunk -> chunk.ref().throughMillis())
                        .max()
                        .orElse(0));
    }
}
