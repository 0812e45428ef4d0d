package io.edgeship.block.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.histogram.FloatHistograms;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PenaltyMergerTest {
    private static final Path VECTORS = Path.of("src/test/resources/golden/thanos-0.43-penalty/vectors.txt.gz");
    private static final HistogramLayout ONE_BUCKET =
            new HistogramLayout(0, 0.5, List.of(new Span(0, 1)), List.of(), List.of());

    /// What Thanos makes of some replicas.
    record Case(String kind, List<List<TimedChunk>> replicas, String out) {}

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        String kind = "";
        TreeMap<Integer, List<TimedChunk>> replicas = new TreeMap<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(VECTORS))) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                String[] words = line.split(" ", 3);
                switch (words[0]) {
                    case "case" -> kind = words[1];
                    case "chunk" ->
                        replicas.computeIfAbsent(Integer.valueOf(words[1]), _ -> new ArrayList<>())
                                .addAll(chunk(kind, words[2]));
                    default -> {
                        cases.add(new Case(kind, List.copyOf(replicas.values()), line.substring("out ".length())));
                        replicas.clear();
                    }
                }
            }
        }
        return cases.stream();
    }

    private static List<TimedChunk> chunk(String kind, String text) {
        List<Sample> samples = new ArrayList<>();
        for (String word : text.split(" ")) {
            int colon = word.indexOf(':');
            long time = Long.parseLong(word.substring(0, colon));
            long value = Long.parseLong(word.substring(colon + 1));
            Histogram histogram = new Histogram(ONE_BUCKET, value, 0, (double) value, new long[] {value}, new long[0]);
            samples.add(
                    switch (kind) {
                        case "f" -> Series.sample(time, (double) value);
                        case "h" -> new HistogramSample(0, time, false, histogram);
                        default -> new FloatHistogramSample(0, time, false, FloatHistograms.of(histogram));
                    });
        }
        return Series.chunks(samples);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSamplesThatThanosKeepsAreKept(Case it) throws CorruptChunkException {
        List<TimedChunk> merged = new PenaltyMerger().merge(it.replicas());

        StringBuilder out = new StringBuilder();
        for (Sample sample : Series.samples(merged)) {
            long value = (long)
                    switch (sample) {
                        case FloatSample s -> s.value();
                        case HistogramSample s -> (double) s.histogram().count();
                        case FloatHistogramSample s -> s.histogram().count();
                    };
            out.append(out.isEmpty() ? "" : " ")
                    .append(sample.timeMillis())
                    .append(':')
                    .append(value);
        }
        assertThat(out.toString()).isEqualTo(it.out());
    }

    @Test
    void thereAreCasesOfEveryKind() throws IOException {
        assertThat(cases().map(Case::kind).distinct()).containsExactlyInAnyOrder("f", "h", "fh");
    }

    /// Thanos loses the histograms.
    @Test
    void ofFloatsAndHistogramsThatLieOverOneAnotherNoKindIsLost() throws CorruptChunkException {
        List<TimedChunk> floats = chunk("f", "0:1 10000:2 20000:3 90000:4");
        List<TimedChunk> histograms = chunk("h", "15000:5 50000:6 60000:7 70000:8");

        List<Sample> merged = Series.samples(new PenaltyMerger().merge(List.of(floats, histograms)));

        assertThat(merged).hasOnlyElementsOfTypes(FloatSample.class, HistogramSample.class);
        assertThat(merged.stream().map(Sample::timeMillis)).containsExactly(0L, 10000L, 20000L, 50000L, 60000L, 70000L);
    }

    @RepeatedTest(20)
    void oneReplicaStaysAsItIs(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        List<TimedChunk> chunks = Series.chunks(RandomSamples.of(new Random(seed), 700));

        assertThat(new PenaltyMerger().merge(List.of(chunks)))
                .as("seed %d", seed)
                .isEqualTo(chunks);
    }

    @RepeatedTest(20)
    void aReplicaThatSawTheSameAddsNothing(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        List<TimedChunk> chunks = Series.chunks(RandomSamples.of(new Random(seed), 700));
        PenaltyMerger merger = new PenaltyMerger();

        List<TimedChunk> merged = merger.merge(List.of(chunks, List.copyOf(chunks)));

        assertThat(Series.texts(merged)).as("seed %d", seed).isEqualTo(Series.texts(chunks));
        assertThat(merger.duplicates()).as("seed %d", seed).isEqualTo(700);
    }

    @RepeatedTest(20)
    void whatWasTakenAndWhatWasLeftOutIsAllThereWas(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        List<List<TimedChunk>> replicas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Sample> samples = new ArrayList<>();
            long time = random.nextInt(15_000);
            for (int n = 0; n < 1000; n++) {
                samples.add(Series.sample(time, n));
                time += 14_800 + random.nextInt(400) + (random.nextInt(100) == 0 ? random.nextInt(600_000) : 0);
            }
            replicas.add(Series.chunks(samples));
        }
        PenaltyMerger merger = new PenaltyMerger();

        List<Sample> merged = Series.samples(merger.merge(replicas));

        assertThat(merged.size() + merger.duplicates()).as("seed %d", seed).isEqualTo(3000);
        for (int i = 1; i < merged.size(); i++) {
            assertThat(merged.get(i).timeMillis())
                    .as("seed %d", seed)
                    .isGreaterThan(merged.get(i - 1).timeMillis());
        }
    }
}
