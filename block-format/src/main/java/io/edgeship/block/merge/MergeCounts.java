package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What a merge did. What the [ChunkMerger] left out it counts itself.
///
/// @param series           of the sources, each once however many have it
/// @param floatSamples     of the merged raw series; zero where the sources are downsampled, like `histogramSamples`
/// @param deletedSamples   that tombstones covered
/// @param transcodedChunks of each encoding that was encoded anew
/// @param startsDropped    samples that had a start timestamp, which is gone
/// @param unknownChunks    that were carried along untouched, for nobody knows their encoding
public record MergeCounts(
        long series,
        long floatSamples,
        long histogramSamples,
        long deletedSamples,
        Map<Encoding, Long> transcodedChunks,
        long startsDropped,
        long unknownChunks) {
    public MergeCounts {
        transcodedChunks = Collections.unmodifiableMap(
                transcodedChunks.isEmpty() ? new EnumMap<>(Encoding.class) : new EnumMap<>(transcodedChunks));
    }
}
