package io.edgeship.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// How this package looks at the bytes of a meta.json.
final class MetaJson {
    /// Lists the segments of a block of 5 TiB. It bounds what one hostile block costs in memory.
    static final int BYTES_MAX = 1 << 20;

    /// What Prometheus says of blocks that lie over a regular one, whose samples win where the two compete.
    private static final Set<String> HINTS =
            Set.of(BlockMeta.Compaction.FROM_OUT_OF_ORDER, "from-stale-series", "from-selected-series");

    private MetaJson() {}

    /// Whether the bytes cannot be a meta.json for anybody: empty, something else than an object, or cut off.
    /// Whatever closes its first bracket is not torn, though this build may not understand it: another program
    /// might. Nor is `null`, which Go reads as an object without fields.
    static boolean isTorn(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\n' || bytes[at] == '\r')) {
            at++;
        }
        if (at == bytes.length || bytes[at] != '{') {
            return !new String(bytes, UTF_8).startsWith("null", at);
        }
        int depth = 0;
        boolean quoted = false;
        for (; at < bytes.length; at++) {
            if (quoted && bytes[at] == '\\') {
                at++;
            } else if (bytes[at] == '"') {
                quoted = !quoted;
            } else if (!quoted && bytes[at] == '{') {
                depth++;
            } else if (!quoted && bytes[at] == '}' && --depth == 0) {
                return false;
            }
        }
        return true;
    }

    /// What is worth remembering of a block: not to be written back, for keys that this build does not know, parents
    /// and hashes are left out. Ten thousand blocks share the names of their files and labels.
    static BlockMeta slim(BlockMeta meta) {
        BlockMeta.Compaction compaction = meta.compaction();
        ThanosMeta thanos = meta.thanos();
        return new BlockMeta(
                meta.id(),
                meta.range(),
                meta.stats(),
                new BlockMeta.Compaction(
                        compaction.level(),
                        compaction.sources(),
                        compaction.deletable(),
                        List.of(),
                        compaction.failed(),
                        compaction.hints().stream()
                                .filter(HINTS::contains)
                                .map(String::intern)
                                .toList()),
                thanos == null ? null : slim(thanos, MadeHere.remembered(meta)),
                JsonObject.empty());
    }

    private static ThanosMeta slim(ThanosMeta thanos, JsonObject remembered) {
        SortedMap<String, String> labels = new TreeMap<>();
        thanos.labels().forEach((name, value) -> labels.put(name.intern(), value.intern()));
        return new ThanosMeta(
                labels,
                thanos.resolutionMillis(),
                thanos.source().intern(),
                thanos.segmentFiles().stream().map(String::intern).toList(),
                thanos.files().stream()
                        .map(file -> new BlockFile(file.relativePath().intern(), file.sizeBytes(), null))
                        .toList(),
                thanos.uploadTime(),
                remembered);
    }
}
