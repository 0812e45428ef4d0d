package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.IndexStats;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.fleet.MadeHere;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the new blocks of a plan are called, and what their meta.json say.
final class NewBlocks {
    private static final String RULE = "compact";
    private static final BlockMeta.Stats NO_STATS = new BlockMeta.Stats(0, 0, 0, 0, 0, 0);

    private final CompactionPlan plan;
    private final List<Sources.Open> sources;
    private final MergeRules rules;

    /// @param sources of the plan, in its order, as they lie in the bucket
    NewBlocks(CompactionPlan plan, List<Sources.Open> sources, MergeRules rules) {
        this.plan = plan;
        this.sources = List.copyOf(sources);
        this.rules = rules;
    }

    BlockId id(long resolutionMillis) {
        return DerivedBlockId.of(rule(), ids(), labels(), resolutionMillis, plan.range());
    }

    /// All that decides the bytes beside sources, labels, resolution and range. What comes last is not ours.
    private String rule() {
        StringBuilder rule = new StringBuilder(RULE).append(" overlaps=").append(rules.overlaps());
        List<BlockId> ids = ids();
        if (plan.isVertical() && !ids.equals(List.copyOf(new TreeSet<>(ids)))) {
            rule.append(" order=").append(ids); // decides between samples of the same time
        }
        for (Sources.Open source : sources) {
            if (!source.tombstones().isEmpty()) {
                rule.append(" without=%s:%s"
                        .formatted(source.meta().id(), source.tombstones().sha256Hex()));
            }
        }
        return rule.toString();
    }

    private List<BlockId> ids() {
        return sources.stream().map(source -> source.meta().id()).toList();
    }

    /// Those of the stream. Where nothing but replica labels was there, one of them stays, as Thanos has it.
    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>(plan.stream().labels());
        if (labels.isEmpty() && !rules.replicaLabels().isEmpty()) {
            labels.put(rules.replicaLabels().getFirst(), MergeRules.DEDUPED);
        }
        return labels;
    }

    /// What a block that was written before must say of itself.
    BlockMeta expected(long resolutionMillis) {
        ThanosMeta thanos = ThanosMeta.of(labels(), ThanosMeta.COMPACTOR, List.of(), List.of())
                .compacted(resolutionMillis, new IndexStats(0, 0));
        return BlockMeta.of(id(resolutionMillis), plan.range(), NO_STATS)
                .withCompaction(lineage())
                .withThanos(thanos);
    }

    /// @param files as they were written, in order
    BlockMeta meta(
            long resolutionMillis,
            BlockMeta.Stats stats,
            IndexStats indexStats,
            List<BlockFile> files,
            Instant uploadTime) {
        JsonObject original = JsonObject.empty().with("version", 1);
        JsonObject extensions = extensions();
        if (!extensions.keys().isEmpty()) {
            original = original.with("extensions", extensions);
        }
        ThanosMeta thanos = new ThanosMeta(
                        labels(), resolutionMillis, ThanosMeta.COMPACTOR, List.of(), List.of(), null, original)
                .compacted(resolutionMillis, indexStats)
                .withBlockFiles(files)
                .withUploadTime(uploadTime);
        BlockId id = id(resolutionMillis);
        return BlockMeta.of(id, plan.range(), stats).withCompaction(lineage()).withThanos(MadeHere.note(thanos, id));
    }

    /// A block that is only downsampled holds what it held before: its lineage stays (I9).
    private BlockMeta.Compaction lineage() {
        boolean isOnlyDownsampled = sources.size() == 1
                && !plan.resolutions().contains(plan.stream().resolutionMillis());
        if (isOnlyDownsampled) {
            return sources.getFirst().meta().compaction();
        }
        int level = 0;
        Set<BlockId> union = new TreeSet<>();
        List<BlockMeta.Parent> parents = new ArrayList<>();
        for (Sources.Open source : sources) {
            BlockMeta meta = source.meta();
            level = Math.max(level, meta.compaction().level());
            union.addAll(meta.compaction().sources());
            parents.add(new BlockMeta.Parent(meta.id(), meta.range()));
        }
        return new BlockMeta.Compaction(
                level == Integer.MAX_VALUE ? level : level + 1, List.copyOf(union), false, parents, false, List.of());
    }

    /// As Thanos has it: those of the first block that has any, as far as all others that have any have them too.
    private JsonObject extensions() {
        JsonObject kept = null;
        for (Sources.Open source : sources) {
            JsonObject theirs = extensions(source.meta());
            if (theirs.keys().isEmpty()) {
                continue;
            }
            if (kept == null) {
                kept = theirs;
                continue;
            }
            Set<String> missing = new HashSet<>(kept.keys());
            missing.removeAll(theirs.keys());
            for (String key : missing) {
                kept = kept.without(key);
            }
        }
        return kept == null ? JsonObject.empty() : kept;
    }

    private static JsonObject extensions(BlockMeta meta) {
        ThanosMeta thanos = meta.thanos();
        try {
            return thanos == null ? JsonObject.empty() : thanos.original().object("extensions");
        } catch (CorruptFormatException e) {
            return JsonObject.empty(); // may be anything; only an object is carried along
        }
    }
}
