package io.edgeship.block.rewrite;

import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.EnumMap;
import java.util.Map;

/// Adds up what becomes of samples, chunks and series. Not thread-safe.
final class Tally {
    private final Map<Encoding, Long> transcoded = new EnumMap<>(Encoding.class);
    private final Map<RewriteCount, Long> counts = new EnumMap<>(RewriteCount.class);

    void add(RewriteCount count, long number) {
        if (number != 0) {
            counts.merge(count, number, Long::sum);
        }
    }

    void addTranscoded(Encoding encoding, long chunks) {
        transcoded.merge(encoding, chunks, Long::sum);
    }

    RewriteCounts counts() {
        return new RewriteCounts(transcoded, counts);
    }
}
