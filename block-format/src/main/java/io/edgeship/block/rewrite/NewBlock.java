package io.edgeship.block.rewrite;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.BlockDownsampler;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.IndexStats;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.util.ArrayList;
import java.util.List;

/// What the new block is called, and what its meta.json says.
///
/// @param kept of the sources, in order; at least one range
record NewBlock(RewriteOrder order, Sources sources, List<TimeRange> kept) {
    static final String RULE = "rewrite";

    /// Extensions of blocks that were written anew themselves: more than ever come about, so that a block that is
    /// written anew for ever does not grow.
    private static final int BEFORE_MAX = 64;

    private static final String BEFORE = "before";

    NewBlock {
        kept = List.copyOf(kept);
    }

    boolean isCut() {
        return !kept.equals(List.of(sources.range()));
    }

    TimeRange range() {
        return new TimeRange(kept.getFirst().minTime(), kept.getLast().maxTime());
    }

    BlockId id() {
        BlockId raw = rawId();
        return order.resolution()
                .map(resolution -> BlockDownsampler.idOf(raw, order.labels(), range(), resolution))
                .orElse(raw);
    }

    /// Of the block that it is before it is downsampled.
    private BlockId rawId() {
        return DerivedBlockId.of(rule(), sources.ids(), order.labels(), 0, range());
    }

    /// All that decides the raw block's bytes beside sources, labels and range. What comes last is the only text that
    /// is not ours.
    private String rule() {
        StringBuilder rule = new StringBuilder(RULE);
        if (isCut()) {
            kept.forEach(range -> rule.append(" keep=%d..%d".formatted(range.minTime(), range.maxTime())));
        }
        for (Source source : sources.list()) {
            if (!source.tombstones().isEmpty()) {
                rule.append(" without=%s:%s"
                        .formatted(source.meta().id(), source.tombstones().sha256Hex()));
            }
        }
        order.significantDigits().ifPresent(digits -> rule.append(" digits=").append(digits));
        if (!order.relabeling().isNone()) {
            rule.append(" relabel=").append(order.relabeling().canonical());
        }
        return rule.toString();
    }

    /// A raw block is its own source. But one block of a higher level that is whole keeps its lineage, for it holds
    /// what its sources held; and a downsampled one has that of the raw one (I9).
    private BlockMeta.Compaction lineage(BlockMeta raw) {
        BlockMeta.Compaction first = sources.list().getFirst().meta().compaction();
        boolean keeps = sources.list().size() == 1 && !isCut() && first.level() > 1;
        return keeps ? first : raw.compaction();
    }

    /// @param stats      of what was written
    /// @param floats     of the raw block, like `histograms` in samples
    BlockMeta meta(BlockMeta.Stats stats, long floats, long histograms, IndexStats indexStats, RewriteCounts counts)
            throws CorruptFormatException {
        ThanosMeta raw = section()
                .rewritten(order.labels(), indexStats)
                .withExtension(RewriteCounts.EXTENSION, counts.addTo(extension()));
        ThanosMeta thanos = order.resolution().isPresent()
                ? raw.compacted(order.resolution().get().millis(), indexStats)
                : raw;
        BlockMeta.Stats once =
                new BlockMeta.Stats(stats.numSamples(), floats, histograms, stats.numSeries(), stats.numChunks(), 0);
        BlockMeta.Compaction lineage = lineage(BlockMeta.of(rawId(), range(), once));
        return BlockMeta.of(id(), range(), once).withCompaction(lineage).withThanos(thanos);
    }

    /// That of the first source that has one: unknown keys are carried along.
    private ThanosMeta section() {
        return sources.list().stream()
                .filter(source -> source.meta().thanos() != null)
                .findFirst()
                .map(Source::thanos)
                .orElse(ThanosMeta.empty());
    }

    private JsonObject extension() throws CorruptFormatException {
        JsonObject json = JsonObject.empty()
                .with("rule", RULE)
                .with("of", sources.ids().stream().map(BlockId::toString).toList());
        if (isCut()) {
            json = json.with(
                    "keep",
                    kept.stream()
                            .map(range -> List.of(range.minTime(), range.maxTime()))
                            .toList());
        }
        if (!order.relabeling().isNone()) {
            json = json.with("relabel", order.relabeling().canonical().lines().toList());
        }
        if (order.significantDigits().isPresent()) {
            json = json.with("significant_digits", order.significantDigits().getAsInt());
        }
        return json.withUnlessEmpty(BEFORE, before());
    }

    /// What sources that were written anew say of that, each followed by what was said there of those before.
    private List<JsonObject> before() throws CorruptFormatException {
        List<JsonObject> before = new ArrayList<>();
        for (Source source : sources.list()) {
            JsonObject said = source.thanos().extension(RewriteCounts.EXTENSION);
            if (!said.keys().isEmpty()) {
                before.add(said.without(BEFORE));
                before.addAll(said.objects(BEFORE));
            }
        }
        return before.subList(0, Math.min(before.size(), BEFORE_MAX));
    }
}
