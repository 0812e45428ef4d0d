package io.edgeship.ship.rewrite;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.rewrite.RewriteCount;
import io.edgeship.block.rewrite.RewriteCounts;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the child has to say when it is done:
///
/// ```
/// {"version": 1, "ulid": of the new block (left out where no sample is left), "transcoded_chunks": {encoding:
///  chunks}, "counts": {what: how many}, "peak_rss_bytes": 0 where it is not known}
/// ```
///
/// @param block empty if no sample is left
record ResultJson(Optional<BlockId> block, RewriteCounts counts, long peakRssBytes) {
    private static final int VERSION = 1;

    byte[] write() {
        Map<String, Long> transcoded = new TreeMap<>();
        counts.transcoded().forEach((encoding, chunks) -> transcoded.put(encoding.name(), chunks));
        Map<String, Long> byKey = new TreeMap<>();
        counts.counts().forEach((count, number) -> byKey.put(count.key(), number));
        JsonObject json = JsonObject.empty().with("version", VERSION);
        if (block.isPresent()) {
            json = json.with("ulid", block.get().toString());
        }
        return json.with("transcoded_chunks", transcoded)
                .with("counts", byKey)
                .with("peak_rss_bytes", peakRssBytes)
                .toIndentedBytes();
    }

    static ResultJson read(String file, byte[] bytes) throws IOException {
        JsonObject json = JsonObject.parse(file, bytes);
        if (json.requiredInteger("version") != VERSION) {
            throw json.corrupt("version", "is not " + VERSION + ": parent and child are of two builds");
        }
        Optional<BlockId> block = json.text("ulid").flatMap(BlockId::tryParse);
        if (json.has("ulid") && block.isEmpty()) {
            throw json.corrupt("ulid", "is no ULID");
        }
        Map<Encoding, Long> transcoded = new EnumMap<>(Encoding.class);
        JsonObject chunks = json.object("transcoded_chunks");
        for (Encoding encoding : Encoding.values()) {
            if (chunks.has(encoding.name())) {
                transcoded.put(encoding, chunks.requiredInteger(encoding.name()));
            }
        }
        Map<RewriteCount, Long> counts = new EnumMap<>(RewriteCount.class);
        JsonObject byKey = json.object("counts");
        for (RewriteCount count : RewriteCount.values()) {
            if (byKey.has(count.key())) {
                counts.put(count, byKey.requiredInteger(count.key()));
            }
        }
        return new ResultJson(block, new RewriteCounts(transcoded, counts), json.requiredInteger("peak_rss_bytes"));
    }
}
