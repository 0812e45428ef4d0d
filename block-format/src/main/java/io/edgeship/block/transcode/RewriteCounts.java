package io.edgeship.block.transcode;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What became of samples and chunks when a block was written anew.
///
/// @param transcoded    chunks encoded anew, by the encoding that they had
/// @param startsDropped samples whose start timestamp is gone
/// @param unknownChunks handed on untouched, for nobody here knows their encoding
/// @param deleted       samples that tombstones covered
/// @param duplicates    samples left out because another block had one of that time
/// @param conflicts     those of `duplicates` that had another value
public record RewriteCounts(
        Map<Encoding, Long> transcoded,
        long startsDropped,
        long unknownChunks,
        long deleted,
        long duplicates,
        long conflicts) {
    /// Under which the counts stand in `thanos.extensions`.
    public static final String EXTENSION = "edgeship";

    public static final RewriteCounts NONE = new RewriteCounts(Map.of(), 0, 0, 0, 0, 0);

    public RewriteCounts {
        transcoded = Map.copyOf(transcoded);
    }

    public RewriteCounts plus(RewriteCounts other) {
        Map<Encoding, Long> sum = new EnumMap<>(Encoding.class);
        sum.putAll(transcoded);
        other.transcoded.forEach((encoding, count) -> sum.merge(encoding, count, Long::sum));
        return new RewriteCounts(
                sum,
                startsDropped + other.startsDropped,
                unknownChunks + other.unknownChunks,
                deleted + other.deleted,
                duplicates + other.duplicates,
                conflicts + other.conflicts);
    }

    public RewriteCounts withDuplicates(long left, long ofOtherValue) {
        return new RewriteCounts(transcoded, startsDropped, unknownChunks, deleted, left, ofOtherValue);
    }

    /// The extension; its layout is on the package's page.
    public JsonObject toJson(String rule, Collection<BlockId> of) {
        JsonObject json = JsonObject.empty()
                .with("rule", rule)
                .with("of", of.stream().map(BlockId::toString).toList());
        if (!transcoded.isEmpty()) {
            Map<String, Long> byName = new TreeMap<>();
            transcoded.forEach((encoding, count) -> byName.put(encoding.toString(), count));
            json = json.with("transcoded_chunks", byName);
        }
        return json.withUnlessEmpty("start_timestamps_dropped", startsDropped)
                .withUnlessEmpty("deleted_samples", deleted)
                .withUnlessEmpty("duplicate_samples", duplicates)
                .withUnlessEmpty("conflicting_samples", conflicts);
    }
}
