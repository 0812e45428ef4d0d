package io.edgeship.block.rewrite;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Map;
import java.util.TreeMap;

/// What became of samples, chunks and series when a block was written anew.
///
/// @param transcoded chunks encoded anew because of the encoding that they had, by that
/// @param counts     all that happened; what did not is not in here
public record RewriteCounts(Map<Encoding, Long> transcoded, Map<RewriteCount, Long> counts) {
    /// Under which the counts stand in `thanos.extensions`.
    public static final String EXTENSION = "edgeship";

    public RewriteCounts {
        transcoded = Map.copyOf(transcoded);
        counts = Map.copyOf(counts);
    }

    public long of(RewriteCount count) {
        return counts.getOrDefault(count, 0L);
    }

    /// `json` with the counts that are not zero.
    JsonObject addTo(JsonObject json) {
        JsonObject said = json;
        if (!transcoded.isEmpty()) {
            Map<String, Long> byName = new TreeMap<>();
            transcoded.forEach((encoding, chunks) -> byName.put(encoding.toString(), chunks));
            said = said.with("transcoded_chunks", byName);
        }
        for (RewriteCount count : RewriteCount.values()) {
            said = said.withUnlessEmpty(count.key(), of(count));
        }
        return said;
    }
}
