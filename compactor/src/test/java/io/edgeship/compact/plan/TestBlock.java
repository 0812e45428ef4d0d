package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.fleet.BucketBlock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes blocks that nobody has the bytes of. Times are hours since 1970.
final class TestBlock {
    static final long HOUR = 3_600_000;

    private final TreeMap<String, String> labels = new TreeMap<>();
    private final TimeRange range;
    private BlockId id;
    private List<BlockId> sources;
    private List<String> hints = List.of();
    private List<String> missing = List.of();
    private List<String> unexpected = List.of();
    private String source = "sidecar";
    private @Nullable Long arrivedMillis;
    private BucketBlock.@Nullable SeenMark mark;
    private boolean noCompact;
    private boolean noDownsample;
    private boolean failed;
    private long resolutionMillis;
    private long indexBytes = 100_000;
    private long samples = 1000;
    private int level = 1;

    private TestBlock(String site, TimeRange range, int number) {
        labels.put("site", site);
        this.range = range;
        id = new BlockId(Math.max(0, range.maxTime()) << 16, ((long) site.hashCode() << 32) + number);
        sources = List.of(id);
    }

    static TestBlock of(String site, long fromHour, long toHour) {
        return millis(site, fromHour * HOUR, toHour * HOUR);
    }

    static TestBlock millis(String site, long from, long to) {
        return new TestBlock(site, new TimeRange(from, to), 0);
    }

    TestBlock number(int number) {
        id = new BlockId(id.high(), id.low() + number);
        sources = List.of(id);
        return this;
    }

    TestBlock id(BlockId itsId) {
        id = itsId;
        return this;
    }

    /// As a compactor makes it.
    TestBlock compacted(BlockId... itsSources) {
        return compacted(List.of(itsSources));
    }

    TestBlock compacted(List<BlockId> itsSources) {
        source = "compactor";
        level = 2;
        sources = itsSources;
        if (id.equals(itsSources.isEmpty() ? null : itsSources.getFirst())) {
            number(7);
            sources = itsSources;
        }
        return this;
    }

    TestBlock sources(List<BlockId> itsSources) {
        sources = itsSources;
        return this;
    }

    TestBlock resolution(long millis) {
        resolutionMillis = millis;
        id = new BlockId(id.high(), id.low() + millis);
        return this;
    }

    TestBlock label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    TestBlock withoutLabels() {
        labels.clear();
        return this;
    }

    TestBlock arrived(long hour) {
        arrivedMillis = hour * HOUR;
        return this;
    }

    TestBlock arrivedMillis(long millis) {
        arrivedMillis = millis;
        return this;
    }

    TestBlock marked(long hour) {
        mark = new BucketBlock.SeenMark(hour * HOUR, "etag", "");
        return this;
    }

    TestBlock noCompact() {
        noCompact = true;
        return this;
    }

    TestBlock noDownsample() {
        noDownsample = true;
        return this;
    }

    TestBlock failed() {
        failed = true;
        return this;
    }

    TestBlock missing(String file) {
        missing = List.of(file);
        return this;
    }

    TestBlock unexpected(String file) {
        unexpected = List.of(file);
        return this;
    }

    TestBlock hint(String hint) {
        hints = List.of(hint);
        return this;
    }

    TestBlock indexBytes(long bytes) {
        indexBytes = bytes;
        return this;
    }

    TestBlock samples(long number) {
        samples = number;
        return this;
    }

    BucketBlock get() {
        Instant uploaded = arrivedMillis == null ? null : Instant.ofEpochMilli(arrivedMillis);
        long chunkBytes = samples == 0 ? 8 : 1_000_000;
        ThanosMeta thanos = new ThanosMeta(
                labels,
                resolutionMillis,
                source,
                List.of("000001"),
                List.of(
                        new BlockFile("chunks/000001", chunkBytes, null),
                        new BlockFile("index", indexBytes, null),
                        new BlockFile("meta.json", 0, null)),
                uploaded,
                JsonObject.empty());
        BlockMeta meta = new BlockMeta(
                id,
                range,
                new BlockMeta.Stats(samples, samples, 0, Math.min(samples, 100), Math.min(samples, 200), 0),
                new BlockMeta.Compaction(level, sources, false, List.of(), failed, hints),
                thanos,
                JsonObject.empty());
        return new BucketBlock(
                meta, chunkBytes + indexBytes + 1000, missing, unexpected, mark, noCompact, noDownsample);
    }

    static Map<String, String> site(String name) {
        return Map.of("site", name);
    }
}
