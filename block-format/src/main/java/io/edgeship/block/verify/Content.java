package io.edgeship.block.verify;

import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What a verifier counted in a block.
///
/// @param samples          as the chunks' headers say; chunks of encodings without such a header are left out
/// @param duplicateChunks  with the very time range of the chunk before: Thanos tolerates these when it compacts
/// @param chunksByEncoding chunks of encodings that this build does not decode were checked by checksum only
public record Content(
        long series, long chunks, long samples, long duplicateChunks, Map<Encoding, Long> chunksByEncoding) {
    public Content {
        Map<Encoding, Long> copy = new EnumMap<>(Encoding.class);
        copy.putAll(chunksByEncoding);
        chunksByEncoding = Collections.unmodifiableMap(copy);
    }
}
