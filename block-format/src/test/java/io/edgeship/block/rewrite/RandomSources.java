package io.edgeship.block.rewrite;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Blocks that lie over each other, of odd samples in every encoding, some deleted, and what each of them holds.
public final class RandomSources {
    private static final long TWO_HOURS_MILLIS = 7_200_000;

    private final Random random;
    private final List<SourceModel> models = new ArrayList<>();

    /// What a block holds, without deleted samples, in the order in which blocks win.
    ///
    /// @param deleted how many samples of each series are
    public record SourceModel(
            BlockId id, boolean isLate, Path dir, SortedMap<LabelSet, List<Sample>> series, Map<LabelSet, Long> deleted)
            implements Comparable<SourceModel> {
        @Override
        public int compareTo(SourceModel other) {
            int late = Boolean.compare(isLate, other.isLate);
            return late != 0 ? late : id.compareTo(other.id);
        }
    }

    private RandomSources(Random random) {
        this.random = random;
    }

    /// Writes one to four blocks under `parent`; in the order in which they win.
    public static List<SourceModel> write(Random random, Path parent) throws IOException {
        RandomSources sources = new RandomSources(random);
        int number = 1 + random.nextInt(4);
        List<SortedMap<LabelSet, List<Sample>>> parts = sources.parts(number);
        for (int i = 0; i < number; i++) {
            if (!parts.get(i).isEmpty()) {
                sources.write(i, parts.get(i), parent);
            }
        }
        Collections.sort(sources.models);
        return sources.models;
    }

    private List<SortedMap<LabelSet, List<Sample>>> parts(int number) {
        List<SortedMap<LabelSet, List<Sample>>> parts = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            parts.add(new TreeMap<>());
        }
        long[] shift = {random.nextLong(1_000_000)};
        for (String name : List.of("up", "down")) {
            for (int instance = random.nextInt(4); instance >= 0; instance--) {
                LabelSet labels = LabelSet.ofSorted("__name__", name, "instance", "host-" + instance);
                List<Sample> all = RandomSamples.of(random, 1 + random.nextInt(500));
                shift[0] = random.nextLong(1_000_000) - all.getFirst().timeMillis();
                divide(all.stream().map(it -> moved(it, shift[0])).toList(), labels, parts);
            }
        }
        return parts;
    }

    private void divide(List<Sample> all, LabelSet labels, List<SortedMap<LabelSet, List<Sample>>> parts) {
        int to = random.nextInt(parts.size());
        for (Sample sample : all) {
            to = random.nextInt(20) == 0 ? random.nextInt(parts.size()) : to;
            add(parts.get(to), labels, sample);
            if (random.nextInt(5) == 0) { // in two blocks, maybe with another value
                boolean isOther = random.nextBoolean() && sample instanceof FloatSample;
                Sample twin = isOther ? new FloatSample(0, sample.timeMillis(), random.nextLong()) : sample;
                add(parts.get(random.nextInt(parts.size())), labels, twin);
            }
        }
    }

    private static void add(Map<LabelSet, List<Sample>> part, LabelSet labels, Sample sample) {
        List<Sample> samples = part.computeIfAbsent(labels, _ -> new ArrayList<>());
        if (samples.isEmpty() || samples.getLast().timeMillis() < sample.timeMillis()) {
            samples.add(sample);
        }
    }

    private static Sample moved(Sample sample, long byMillis) {
        long time = sample.timeMillis() + byMillis;
        long start = sample.startMillis() == 0 ? 0 : sample.startMillis() + byMillis;
        return switch (sample) {
            case FloatSample it -> new FloatSample(start, time, it.valueBits());
            case HistogramSample it -> new HistogramSample(start, time, it.isGauge(), it.histogram());
            case FloatHistogramSample it -> new FloatHistogramSample(start, time, it.isGauge(), it.histogram());
        };
    }

    private void write(int number, SortedMap<LabelSet, List<Sample>> series, Path parent) throws IOException {
        BlockId id = new BlockId(0x0190_0000_0000_0000L + random.nextInt(1000) * 0x10000L, number);
        ChunkRules rules = new ChunkRules(TWO_HOURS_MILLIS, random.nextBoolean(), random.nextBoolean());
        boolean isLate = random.nextInt(3) == 0;
        List<String> hints = isLate ? List.of(BlockMeta.Compaction.FROM_OUT_OF_ORDER) : List.of();
        TestBlock block = TestBlock.of(id, range(series))
                .meta(meta ->
                        meta.withCompaction(new BlockMeta.Compaction(1, List.of(id), false, List.of(), false, hints)));
        series.forEach((labels, samples) -> block.series(labels, chunks(samples, rules)));
        Path dir = block.write(Files.createDirectories(parent.resolve("in-" + number)));
        models.add(new SourceModel(id, isLate, dir, series, delete(dir, series)));
    }

    private static TimeRange range(SortedMap<LabelSet, List<Sample>> series) {
        LongSummaryStatistics times = series.values().stream()
                .flatMap(List::stream)
                .mapToLong(Sample::timeMillis)
                .summaryStatistics();
        return new TimeRange(times.getMin(), times.getMax() + 1);
    }

    private static List<TestChunk> chunks(List<Sample> samples, ChunkRules rules) {
        SeriesAppender appender = new SeriesAppender(rules);
        samples.forEach(appender::append);
        return appender.finish().stream()
                .map(it ->
                        TestChunk.ofBytes(it.chunk().encodingCode(), it.chunk().data(), it.minTime(), it.maxTime()))
                .toList();
    }

    /// Deletes samples of some series, in the block and in `series`.
    private Map<LabelSet, Long> delete(Path dir, SortedMap<LabelSet, List<Sample>> series) throws IOException {
        if (random.nextBoolean()) {
            return Map.of();
        }
        Map<LabelSet, Long> refs = new HashMap<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(dir))) {
            reader.forEachSeries(List.of(), one -> refs.put(one.labels(), one.ref()));
        }
        List<Tombstone> tombstones = new ArrayList<>();
        Map<LabelSet, Long> deleted = new HashMap<>();
        for (Map.Entry<LabelSet, List<Sample>> one : series.entrySet()) {
            for (int i = random.nextInt(3); i > 0; i--) {
                List<Sample> samples = one.getValue();
                if (samples.isEmpty()) {
                    continue;
                }
                long from = samples.get(random.nextInt(samples.size())).timeMillis();
                long to = Math.max(
                        from, samples.get(random.nextInt(samples.size())).timeMillis());
                tombstones.add(new Tombstone(refs.getOrDefault(one.getKey(), 0L), from, to));
                int before = samples.size();
                samples.removeIf(sample -> from <= sample.timeMillis() && sample.timeMillis() <= to);
                deleted.merge(one.getKey(), (long) before - samples.size(), Long::sum);
            }
        }
        TestTombstones.write(dir, tombstones);
        return deleted;
    }
}
