package io.edgeship.block.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.BlockDownsampler;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import io.edgeship.block.histogram.HistogramText;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RandomSources.SourceModel;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is ordered of whatever blocks, the new one holds what a map of maps says.
class RewriteModelTest {
    private static final int SEEDS = 80;

    @TempDir
    private Path dir;

    @RepeatedTest(SEEDS)
    void theNewBlockHoldsWhatWasOrderedAndNothingElse(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        List<SourceModel> sources = RandomSources.write(random, dir);
        RewriteOrder order = order(random, sources);
        Model model = new Model(order, sources);

        Optional<RewrittenBlock> written = rewrite(order, "out");

        if (model.series.isEmpty()) {
            assertThat(written).as("seed %d", seed).isEmpty();
            assertThat(dir.resolve("out")).isEmptyDirectory();
            return;
        }
        RewrittenBlock block = written.orElseThrow();
        assertThat(Model.of(block.dir())).as("seed %d", seed).isEqualTo(model.texts());
        assertReadByThanos(block.dir(), seed);
        assertThat(block.counts().of(RewriteCount.CUT_SAMPLES)).as("seed %d", seed).isEqualTo(model.cut);
        assertThat(block.counts().of(RewriteCount.DELETED_SAMPLES))
                .as("seed %d", seed)
                .isEqualTo(model.deleted);
        assertThat(block.counts().of(RewriteCount.DUPLICATE_SAMPLES))
                .as("seed %d", seed)
                .isEqualTo(model.duplicates);
        assertThat(block.counts().of(RewriteCount.ROUNDED_SAMPLES))
                .as("seed %d", seed)
                .isEqualTo(model.rounded);
        assertThat(block.counts().of(RewriteCount.DROPPED_SERIES))
                .as("seed %d", seed)
                .isEqualTo(model.dropped);
        assertThat(block.meta().range()).as("seed %d", seed).isEqualTo(model.range());

        List<Path> shuffled = new ArrayList<>(order.sources());
        Collections.shuffle(shuffled, random);
        Path again = rewrite(with(order, shuffled, Optional.empty()), "again")
                .orElseThrow()
                .dir();
        assertSameBytes(block.dir(), again, seed);
        assertDownsampledAtOnceIsAsIfDoneLater(order, block.dir(), seed);
    }

    private void assertDownsampledAtOnceIsAsIfDoneLater(RewriteOrder order, Path raw, long seed) throws IOException {
        Optional<Path> later = BlockDownsampler.downsample(
                raw, Files.createDirectory(dir.resolve("later")), Resolution.FIVE_MINUTES, (_, _) -> {});
        Optional<RewrittenBlock> atOnce =
                rewrite(with(order, order.sources(), Optional.of(Resolution.FIVE_MINUTES)), "at-once");
        assertThat(atOnce.isPresent()).as("seed %d", seed).isEqualTo(later.isPresent());
        if (later.isPresent()) {
            assertSameBytes(later.get(), atOnce.orElseThrow().dir(), seed);
        }
    }

    private static RewriteOrder order(Random random, List<SourceModel> sources) {
        List<TimeRange> keep = new ArrayList<>();
        for (int i = Math.max(0, random.nextInt(5) - 2); i > 0; i--) {
            long a = anyTime(random, sources);
            long b = anyTime(random, sources) + random.nextInt(3) - 1;
            keep.add(new TimeRange(Math.min(a, b), Math.max(a, b) + 1));
        }
        return new RewriteOrder(
                sources.stream().map(SourceModel::dir).toList(),
                new TreeMap<>(Map.of("site", "shop")),
                keep,
                relabeling(random),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(17)),
                Optional.empty());
    }

    private static long anyTime(Random random, List<SourceModel> sources) {
        List<Long> times = new ArrayList<>();
        sources.forEach(source ->
                source.series().values().forEach(samples -> samples.forEach(sample -> times.add(sample.timeMillis()))));
        return times.isEmpty() ? 0 : times.get(random.nextInt(times.size()));
    }

    private static Relabeling relabeling(Random random) {
        RelabelRule turnRound = new RelabelRule(
                RelabelAction.REPLACE,
                List.of("instance"),
                RelabelRule.SEPARATOR,
                "host-(.)",
                0,
                "a",
                "${1}");
        RelabelRule drop = rule(RelabelAction.DROP, List.of("instance"), "host-1");
        RelabelRule join = rule(RelabelAction.LABELDROP, List.of(), random.nextBoolean() ? "instance" : "__name__");
        return switch (random.nextInt(5)) {
            case 0 -> Relabeling.of(List.of(drop));
            case 1 -> Relabeling.of(List.of(join));
            case 2 -> Relabeling.of(List.of(turnRound, drop, join));
            default -> Relabeling.NONE;
        };
    }

    private static RelabelRule rule(RelabelAction action, List<String> labels, String regex) {
        return new RelabelRule(action, labels, RelabelRule.SEPARATOR, regex, 0, "", RelabelRule.REPLACEMENT);
    }

    private static RewriteOrder with(RewriteOrder order, List<Path> sources, Optional<Resolution> resolution) {
        return new RewriteOrder(
                sources, order.labels(), order.keep(), order.relabeling(), order.significantDigits(), resolution);
    }

    private Optional<RewrittenBlock> rewrite(RewriteOrder order, String out) throws IOException {
        return BlockRewriter.rewrite(order, Files.createDirectory(dir.resolve(out)), _ -> {});
    }

    private static void assertSameBytes(Path first, Path second, long seed) throws IOException {
        try (Stream<Path> files = Files.walk(first)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(second.getParent().resolve(first.getParent().relativize(file)))
                        .as("seed %d", seed)
                        .hasSameBinaryContentAs(file);
            }
        }
    }

    /// And no histogram chunk says that counts went on where they went down.
    private static void assertReadByThanos(Path block, long seed) throws IOException {
        Verdict verdict = BlockVerifier.verify(block);
        assertThat(verdict).as("seed %d", seed).isInstanceOf(Verdict.Sound.class);
        assertThat(((Verdict.Sound) verdict).content().chunksByEncoding().keySet())
                .as("seed %d", seed)
                .allMatch(encoding -> encoding.code() <= 3);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> {
                Sample before = null;
                for (TimedChunk chunk : series.readChunks()) {
                    before = assertHintIsTrue(chunk, before, seed);
                }
            });
        }
    }

    private static @Nullable Sample assertHintIsTrue(TimedChunk timed, @Nullable Sample before, long seed)
            throws IOException {
            SampleIterator samples = new SampleIterator(List.of(timed));
            Sample first = samples.next();
            boolean goesOn = timed.chunk().iterator() instanceof HistogramChunkIterator histograms
                    && histograms.counterReset() == CounterReset.NOT_RESET;
            if (goesOn && before != null && first != null && !floats(first).isStaleMarker()) {
                assertThat(before).as("seed %d", seed).hasSameClassAs(first);
                assertThat(FloatHistograms.wentDown(floats(before), floats(first)))
                        .as("seed %d, %s after %s", seed, first, before)
                        .isFalse();
            }
            Sample last = first;
            for (Sample next = first; next != null; next = samples.next()) {
                last = next;
            }
            return last;
    }

    private static FloatHistogram floats(Sample sample) {
        return switch (sample) {
            case HistogramSample it -> FloatHistograms.of(it.histogram());
            case FloatHistogramSample it -> it.histogram();
            case FloatSample it -> throw new IllegalArgumentException("no histogram: " + it);
        };
    }

    /// What the new block is to hold.
    private static final class Model {
        private final RewriteOrder order;
        private final List<SourceModel> sources;
        private final TreeMap<LabelSet, TreeMap<Long, Sample>> series = new TreeMap<>();
        private long cut;
        private long duplicates;
        private long deleted;
        private long dropped;
        private long rounded;

        Model(RewriteOrder order, List<SourceModel> sources) {
            this.order = order;
            this.sources = sources;
            for (SourceModel source : sources) {
                source.series().forEach((labels, samples) ->
                        add(labels, samples, source.deleted().getOrDefault(labels, 0L)));
            }
            series.values().removeIf(Map::isEmpty);
            if (order.significantDigits().isPresent()) {
                int digits = order.significantDigits().getAsInt();
                series.values().forEach(samples -> samples.replaceAll((_, sample) -> rounded(sample, digits)));
            }
        }

        private void add(LabelSet labels, List<Sample> samples, long deletedOfSeries) {
            Optional<LabelSet> relabelled = order.relabeling().apply(labels);
            if (relabelled.isEmpty()) {
                dropped++;
                return;
            }
            deleted += deletedOfSeries;
            TreeMap<Long, Sample> all = series.computeIfAbsent(relabelled.get(), _ -> new TreeMap<>());
            for (Sample sample : samples) {
                boolean isKept = order.keep().isEmpty()
                        || order.keep().stream().anyMatch(range -> range.contains(sample.timeMillis()));
                if (!isKept) {
                    cut++;
                } else if (all.putIfAbsent(sample.timeMillis(), sample) != null) {
                    duplicates++;
                }
            }
        }

        private Sample rounded(Sample sample, int digits) {
            if (!(sample instanceof FloatSample it) || !Double.isFinite(it.value())) {
                return sample;
            }
            double value = new BigDecimal(Double.toString(it.value()))
                    .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                    .doubleValue();
            boolean stays = value == it.value() || Double.isInfinite(value);
            rounded += stays ? 0 : 1;
            return stays ? sample : new FloatSample(0, it.timeMillis(), Double.doubleToRawLongBits(value));
        }

        TimeRange range() throws IOException {
            long minTime = Long.MAX_VALUE;
            long maxTime = Long.MIN_VALUE;
            for (SourceModel source : sources) {
                TimeRange of = BlockMeta.read(
                                source.dir().resolve("meta.json"))
                        .range();
                minTime = Math.min(minTime, of.minTime());
                maxTime = Math.max(maxTime, of.maxTime());
            }
            if (order.keep().isEmpty()) {
                return new TimeRange(minTime, maxTime);
            }
            long from = Long.MAX_VALUE;
            long to = Long.MIN_VALUE;
            for (TimeRange range : order.keep()) {
                if (range.overlaps(new TimeRange(minTime, maxTime))) {
                    from = Math.min(from, Math.max(range.minTime(), minTime));
                    to = Math.max(to, Math.min(range.maxTime(), maxTime));
                }
            }
            return new TimeRange(from, to);
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            series.forEach((labels, samples) -> samples.values().forEach(sample -> texts.add(text(labels, sample))));
            return texts;
        }

        static List<String> of(Path block) throws IOException {
            List<String> texts = new ArrayList<>();
            try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
                reader.forEachSeries(List.of(), series -> {
                        SampleIterator samples = new SampleIterator(series.readChunks());
                        for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
                            texts.add(text(series.labels(), sample));
                        }
                });
            }
            return texts;
        }

        private static String text(LabelSet labels, Sample sample) {
            String value = switch (sample) {
                case FloatSample it -> Long.toHexString(it.valueBits());
                case HistogramSample it -> it.isGauge() + HistogramText.of(it.histogram());
                case FloatHistogramSample it ->
                    it.isGauge() + HistogramText.of(it.histogram());
            };
            return "%s %d %s".formatted(labels, sample.timeMillis(), value);
        }
    }
}
