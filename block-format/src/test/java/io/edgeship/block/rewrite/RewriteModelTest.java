package io.edgeship.block.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.BlockDownsampler;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
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
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
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
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is ordered of whatever blocks, the new one holds what a map of maps says.
class RewriteModelTest {
    /// More are asked for by `-Dedgeship.rewrite.seeds=2000`: each writes a few blocks and waits for the disk.
    private static final int SEEDS = Integer.getInteger("edgeship.rewrite.seeds", 8);

    @TempDir
    private Path dir;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theNewBlockHoldsWhatWasOrderedAndNothingElse(long seed) throws IOException {
        Random random = new Random(seed);
        List<SourceModel> sources = RandomSources.write(random, dir);
        RewriteOrder order = order(random, sources);
        RewriteModel model = new RewriteModel(order, sources);

        Optional<RewrittenBlock> written = rewrite(order, "out");

        if (model.series.isEmpty()) {
            assertThat(written).as("seed %d", seed).isEmpty();
            assertThat(dir.resolve("out")).isEmptyDirectory();
            return;
        }
        RewrittenBlock block = written.orElseThrow();
        assertThat(RewriteModel.of(block.dir())).as("seed %d", seed).isEqualTo(model.texts());
        assertReadByThanos(block.dir(), seed);
        assertCounted(block.counts(), model, seed);
        assertThat(block.meta().range()).as("seed %d", seed).isEqualTo(model.range());

        List<Path> shuffled = new ArrayList<>(order.sources());
        Collections.shuffle(shuffled, random);
        Path again = rewrite(with(order, shuffled, Optional.empty()), "again")
                .orElseThrow()
                .dir();
        assertSameBytes(block.dir(), again, seed);
        assertDownsampledAtOnceIsAsIfDoneLater(order, block.dir(), seed);
    }

    private static void assertCounted(RewriteCounts counts, RewriteModel model, long seed) {
        assertThat(counts.of(RewriteCount.CUT_SAMPLES)).as("seed %d", seed).isEqualTo(model.cut);
        assertThat(counts.of(RewriteCount.DELETED_SAMPLES)).as("seed %d", seed).isEqualTo(model.deleted);
        assertThat(counts.of(RewriteCount.DUPLICATE_SAMPLES))
                .as("seed %d", seed)
                .isEqualTo(model.duplicates);
        assertThat(counts.of(RewriteCount.ROUNDED_SAMPLES)).as("seed %d", seed).isEqualTo(model.rounded);
        assertThat(counts.of(RewriteCount.DROPPED_SERIES)).as("seed %d", seed).isEqualTo(model.dropped);
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
                RelabelAction.REPLACE, List.of("instance"), RelabelRule.SEPARATOR, "host-(.)", 0, "a", "${1}");
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
        assertThat(second.getFileName()).as("seed %d", seed).isEqualTo(first.getFileName());
        try (Stream<Path> files = Files.walk(first)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(second.resolve(first.relativize(file)))
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
}
