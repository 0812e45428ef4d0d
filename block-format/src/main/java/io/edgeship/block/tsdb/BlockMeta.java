package io.edgeship.block.tsdb;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.ThanosMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A block's `meta.json`; the layout is on the package's page. Keys that this build does not know are kept.
///
/// @param thanos   the section that Thanos reads, or null in a block as Prometheus wrote it
/// @param original the object as it was read, for the keys that are kept
public record BlockMeta(
        BlockId id,
        TimeRange range,
        Stats stats,
        Compaction compaction,
        @Nullable ThanosMeta thanos,
        JsonObject original) {
    public static final String FILE_NAME = "meta.json";

    private static final int VERSION = 1;
    private static final Set<String> KEYS =
            Set.of("ulid", "minTime", "maxTime", "stats", "compaction", "version", "thanos");

    /// @param numFloatSamples zero in files of Prometheus before 2.49, which did not count them apart
    public record Stats(
            long numSamples,
            long numFloatSamples,
            long numHistogramSamples,
            long numSeries,
            long numChunks,
            long numTombstones) {
        private static final Set<String> KEYS = Set.of(
                "numSamples", "numFloatSamples", "numHistogramSamples", "numSeries", "numChunks", "numTombstones");
    }

    /// How the block came about. `sources` are the level-1 blocks whose samples it holds (I9).
    public record Compaction(
            int level,
            List<BlockId> sources,
            boolean deletable,
            List<Parent> parents,
            boolean failed,
            List<String> hints) {
        private static final Set<String> KEYS = Set.of("level", "sources", "deletable", "parents", "failed", "hints");

        /// Prometheus marks the blocks it makes of out-of-order samples.
        public static final String FROM_OUT_OF_ORDER = "from-out-of-order";

        public Compaction {
            sources = List.copyOf(sources);
            parents = List.copyOf(parents);
            hints = List.copyOf(hints);
        }
    }

    /// A block that this one was made of directly.
    public record Parent(BlockId id, TimeRange range) {
        private static final Set<String> KEYS = Set.of("ulid", "minTime", "maxTime");
    }

    public static BlockMeta read(Path metaJson) throws IOException {
        if (Files.size(metaJson) > JsonObject.BYTES_MAX) {
            throw new CorruptFormatException(metaJson.toString(), 0, "larger than any meta.json is");
        }
        return parse(metaJson.toString(), Files.readAllBytes(metaJson));
    }

    /// @throws CorruptFormatException      for anything that is not a meta.json, naming the key
    /// @throws UnsupportedVersionException for one of a later version
    public static BlockMeta parse(String file, byte[] json) throws IOException {
        JsonObject root = JsonObject.parse(file, json);
        long version = root.requiredInteger("version");
        if (version != VERSION) {
            throw new UnsupportedVersionException(
                    file, Math.toIntExact(Math.clamp(version, 0, Integer.MAX_VALUE)), VERSION);
        }
        JsonObject thanos = root.object("thanos");
        return new BlockMeta(
                id(root, "ulid"),
                range(root),
                stats(root.object("stats")),
                compaction(root.object("compaction")),
                root.has("thanos") ? ThanosMeta.of(file, thanos) : null,
                root);
    }

    /// A meta.json for a block of our own making, level 1, its own source.
    public static BlockMeta of(BlockId id, TimeRange range, Stats stats) {
        Compaction compaction = new Compaction(1, List.of(id), false, List.of(), false, List.of());
        return new BlockMeta(id, range, stats, compaction, null, JsonObject.empty());
    }

    /// The bytes as Prometheus writes them, or as Thanos does where there is a `thanos` section.
    public byte[] toJson() {
        JsonObject json = JsonObject.empty()
                .with("ulid", id.toString())
                .with("minTime", range.minTime())
                .with("maxTime", range.maxTime())
                .with("stats", statsJson())
                .with("compaction", compactionJson())
                .with("version", VERSION);
        if (thanos == null) {
            return json.keeping(original, KEYS).toIndentedBytes();
        }
        byte[] bytes =
                json.with("thanos", thanos.toJson()).keeping(original, KEYS).toIndentedBytes();
        byte[] withLineFeed = Arrays.copyOf(bytes, bytes.length + 1);
        withLineFeed[bytes.length] = '\n';
        return withLineFeed;
    }

    public BlockMeta withThanos(ThanosMeta section) {
        return new BlockMeta(id, range, stats, compaction, section, original);
    }

    public BlockMeta withCompaction(Compaction lineage) {
        return new BlockMeta(id, range, stats, lineage, thanos, original);
    }

    private JsonObject statsJson() {
        return JsonObject.empty()
                .withUnlessEmpty("numSamples", stats.numSamples())
                .withUnlessEmpty("numFloatSamples", stats.numFloatSamples())
                .withUnlessEmpty("numHistogramSamples", stats.numHistogramSamples())
                .withUnlessEmpty("numSeries", stats.numSeries())
                .withUnlessEmpty("numChunks", stats.numChunks())
                .withUnlessEmpty("numTombstones", stats.numTombstones())
                .keeping(originally("stats"), Stats.KEYS);
    }

    private JsonObject compactionJson() {
        JsonObject before = originally("compaction");
        Map<Parent, JsonObject> read = parentsAsRead(before);
        List<JsonObject> parents = new ArrayList<>();
        for (Parent parent : compaction.parents()) {
            parents.add(JsonObject.empty()
                    .with("ulid", parent.id().toString())
                    .with("minTime", parent.range().minTime())
                    .with("maxTime", parent.range().maxTime())
                    .keeping(read.getOrDefault(parent, JsonObject.empty()), Parent.KEYS));
        }
        return JsonObject.empty()
                .with("level", compaction.level())
                .withUnlessEmpty(
                        "sources",
                        compaction.sources().stream().map(BlockId::toString).toList())
                .withUnlessEmpty("deletable", compaction.deletable())
                .withUnlessEmpty("parents", parents)
                .withUnlessEmpty("failed", compaction.failed())
                .withUnlessEmpty("hints", compaction.hints())
                .keeping(before, Compaction.KEYS);
    }

    /// The entries of `compaction.parents`, for the keys that are kept.
    private static Map<Parent, JsonObject> parentsAsRead(JsonObject compaction) {
        Map<Parent, JsonObject> read = new HashMap<>();
        try {
            for (JsonObject entry : compaction.objects("parents")) {
                read.put(parent(entry), entry);
            }
        } catch (CorruptFormatException e) {
            throw new IllegalStateException("a list of parents that was read before is broken now", e);
        }
        return read;
    }

    private static Parent parent(JsonObject entry) throws CorruptFormatException {
        return new Parent(id(entry, "ulid"), range(entry));
    }

    private JsonObject originally(String section) {
        try {
            return original.object(section);
        } catch (CorruptFormatException e) {
            throw new IllegalStateException("a section that was read as an object is none now", e);
        }
    }

    private static Stats stats(JsonObject json) throws CorruptFormatException {
        return new Stats(
                count(json, "numSamples"),
                count(json, "numFloatSamples"),
                count(json, "numHistogramSamples"),
                count(json, "numSeries"),
                count(json, "numChunks"),
                count(json, "numTombstones"));
    }

    private static long count(JsonObject json, String key) throws CorruptFormatException {
        long count = json.integer(key, 0);
        if (count < 0) {
            throw json.corrupt(key, "is " + count);
        }
        return count;
    }

    private static Compaction compaction(JsonObject json) throws CorruptFormatException {
        long level = json.integer("level", 0);
        if (level < 0 || level > Integer.MAX_VALUE) {
            throw json.corrupt("level", "is " + level);
        }
        List<BlockId> sources = new ArrayList<>();
        for (String source : json.texts("sources")) {
            sources.add(BlockId.tryParse(source).orElseThrow(() -> json.corrupt("sources", "holds '" + source + "'")));
        }
        List<Parent> parents = new ArrayList<>();
        for (JsonObject entry : json.objects("parents")) {
            parents.add(parent(entry));
        }
        return new Compaction(
                (int) level, sources, json.flag("deletable"), parents, json.flag("failed"), json.texts("hints"));
    }

    private static BlockId id(JsonObject json, String key) throws CorruptFormatException {
        String text = json.requiredText(key);
        return BlockId.tryParse(text).orElseThrow(() -> json.corrupt(key, "is '" + text + "', not a ULID"));
    }

    private static TimeRange range(JsonObject json) throws CorruptFormatException {
        long minTime = json.requiredInteger("minTime");
        long maxTime = json.requiredInteger("maxTime");
        if (maxTime < minTime) {
            throw json.corrupt("maxTime", "is %d, before minTime %d".formatted(maxTime, minTime));
        }
        return new TimeRange(minTime, maxTime);
    }
}
