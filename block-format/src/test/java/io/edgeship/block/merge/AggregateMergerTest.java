package io.edgeship.block.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.downsample.CounterIterator;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AggregateMergerTest {
    private static final long STEP = 30_000;
    private static final long WINDOW = Resolution.FIVE_MINUTES.millis();

    @Test
    void aLateWindowIsPutIntoTheHoleThatItLeft() throws CorruptChunkException {
        List<FloatSample> all = counter(new Random(1), 3000, 0);
        List<FloatSample> late = between(all, 40 * WINDOW, 52 * WINDOW);
        List<FloatSample> early = without(all, late);

        List<TimedChunk> merged = merge(List.of(downsampled(early), downsampled(late)));

        checkChunks(merged, "late");
        assertThat(values(merged, Aggregate.COUNT)).isEqualTo(values(downsampled(all), Aggregate.COUNT));
        assertThat(values(merged, Aggregate.SUM)).isEqualTo(values(downsampled(all), Aggregate.SUM));
        assertThat(values(merged, Aggregate.MIN)).isEqualTo(values(downsampled(all), Aggregate.MIN));
        assertThat(values(merged, Aggregate.MAX)).isEqualTo(values(downsampled(all), Aggregate.MAX));
        assertThat(total(merged)).isEqualTo(rawTotal(all));
    }

    /// Late data in any holes, however they interleave; the counter begins anew anywhere but next to a hole's
    /// edge.
    @RepeatedTest(60)
    void theTotalOfWhatCameLateIsThatOfTheRawSamples(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        String as = "seed " + seed;
        Random random = new Random(seed);
        boolean[] isLate = new boolean[400];
        for (int i = 1; i < isLate.length; i++) {
            isLate[i] = (random.nextInt(8) == 0) != isLate[i - 1];
        }
        List<FloatSample> all = new ArrayList<>();
        double value = random.nextInt(100);
        for (int i = 0; i < isLate.length; i++) {
            boolean isInside =
                    i > 0 && i + 1 < isLate.length && isLate[i - 1] == isLate[i] && isLate[i] == isLate[i + 1];
            for (int n = 0; n < 10; n++) {
                boolean anew = random.nextInt(60) == 0 && (n == 0 || isInside);
                value = anew ? random.nextInt(3) : value + random.nextInt(20);
                all.add(Series.sample(i * WINDOW + n * STEP, value));
            }
        }
        List<FloatSample> late = new ArrayList<>(all);
        late.removeIf(sample -> !isLate[(int) (sample.timeMillis() / WINDOW)]);

        List<TimedChunk> merged = merge(List.of(downsampled(without(all, late)), downsampled(late)));

        checkChunks(merged, as);
        assertThat(windows(merged)).as(as).isEqualTo(windows(downsampled(all)));
        assertThat(values(merged, Aggregate.COUNT)).as(as).isEqualTo(values(downsampled(all), Aggregate.COUNT));
        assertThat(values(merged, Aggregate.SUM)).as(as).isEqualTo(values(downsampled(all), Aggregate.SUM));
        assertThat(total(merged)).as(as).isEqualTo(rawTotal(all));
    }

    @Test
    void ofOneWindowThatTwoBlocksHaveTheFirstOnesAggregatesStay() throws CorruptChunkException {
        List<FloatSample> a = List.of(Series.sample(1000, 1), Series.sample(2000, 5), Series.sample(3 * WINDOW, 9));
        List<FloatSample> b = List.of(Series.sample(1500, 2), Series.sample(1600, 3), Series.sample(1700, 4));
        OneToOneMerger merger = new OneToOneMerger(Resolution.FIVE_MINUTES);

        List<TimedChunk> merged = merger.merge(List.of(downsampled(b), downsampled(a)));

        assertThat(times(merged)).containsExactly(1700L, 3 * WINDOW);
        assertThat(values(merged, Aggregate.COUNT)).containsExactly(3.0, 1.0);
        assertThat(values(merged, Aggregate.SUM)).containsExactly(9.0, 9.0);
        assertThat(merger.duplicates()).isEqualTo(1);
        assertThat(merger.conflicts()).isEqualTo(1);
    }

    /// A block that ends within a window, and one that begins there.
    @Test
    void halvesOfAWindowThatHaveNoTimeInCommonBothStay() throws CorruptChunkException {
        List<FloatSample> all = counter(new Random(3), 25, 0);
        List<FloatSample> first = all.subList(0, 14);
        List<FloatSample> second = all.subList(14, 25);

        for (List<TimedChunk> merged : List.of(
                merge(List.of(downsampled(first), downsampled(second))),
                merge(List.of(downsampled(second), downsampled(first))))) {
            checkChunks(merged, "halves");
            assertThat(values(merged, Aggregate.COUNT).stream()
                            .mapToDouble(it -> it)
                            .sum())
                    .isEqualTo(25);
            assertThat(total(merged)).isEqualTo(rawTotal(all));
        }
    }

    @RepeatedTest(20)
    void mergedWithItselfASeriesStaysAsItIs(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        List<TimedChunk> chunks = downsampled(RandomSamples.of(new Random(seed), 2000));

        assertThat(merge(List.of(chunks, List.copyOf(chunks))))
                .as("seed %d", seed)
                .isEqualTo(chunks);
        assertThat(merge(List.of(chunks))).as("seed %d", seed).isEqualTo(chunks);
    }

    /// Floats and histograms of all kinds, dealt out window by window.
    @RepeatedTest(30)
    void inWhateverOrderPartsOfASeriesAreNamedTheirWindowsAreTheSame(RepetitionInfo repetition)
            throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        String as = "seed " + seed;
        Random random = new Random(seed);
        List<List<Sample>> dealt = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long window = Long.MIN_VALUE;
        int to = 0;
        for (Sample sample : RandomSamples.of(random, 2000)) {
            if (sample.timeMillis() > window) {
                window = Resolution.FIVE_MINUTES.windowEnd(sample.timeMillis());
                to = random.nextInt(4) == 0 ? random.nextInt(3) : to;
            }
            dealt.get(to).add(sample);
        }
        List<List<TimedChunk>> parts = new ArrayList<>();
        for (List<Sample> part : dealt) {
            parts.add(downsampled(part));
        }

        List<TimedChunk> merged = merge(List.of(parts.get(0), parts.get(1), parts.get(2)));
        List<TimedChunk> otherwise = merge(List.of(parts.get(2), parts.get(0), parts.get(1)));

        checkChunks(merged, as);
        assertThat(contents(otherwise)).as(as).isEqualTo(contents(merged));
        int windows = 0;
        for (List<TimedChunk> part : parts) {
            windows += times(part).size();
        }
        assertThat(times(merged)).as(as).hasSize(windows);
    }

    @RepeatedTest(20)
    void whatReplicasCountedTogetherNeverGoesDownAndIsNoMoreThanOnce(RepetitionInfo repetition)
            throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        String as = "seed " + seed;
        Random random = new Random(seed);
        List<FloatSample> a = new ArrayList<>();
        List<FloatSample> b = new ArrayList<>();
        boolean aIsUp = true;
        boolean bIsUp = true;
        for (int i = 0; i < 8000; i++) {
            aIsUp = aIsUp != (i > 0 && random.nextInt(200) == 0);
            bIsUp = bIsUp != (random.nextInt(200) == 0);
            if (aIsUp) {
                a.add(Series.sample(i * STEP, 3.0 * i));
            }
            if (bIsUp || i == 7999) {
                b.add(Series.sample(i * STEP + 10_000, 3.0 * i + 1));
            }
        }

        List<TimedChunk> merged =
                new PenaltyMerger(Resolution.FIVE_MINUTES).merge(List.of(downsampled(a), downsampled(b)));

        checkChunks(merged, as);
        boolean bothAtEnd =
                windowOf(a.getLast().timeMillis()) == windowOf(b.getLast().timeMillis());
        assertThat(total(merged))
                .as(as)
                .isEqualTo(bothAtEnd ? a.getLast().value() : b.getLast().value());
    }

    /// With fewer chunks than it wants to make of them, Thanos' downsampling to an hour never ends.
    @RepeatedTest(20)
    void ofMergedSparseSeriesThereAreEnoughChunksForThanos(RepetitionInfo repetition) throws CorruptChunkException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        List<List<TimedChunk>> parts = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            List<FloatSample> samples = new ArrayList<>();
            long gap = 1L << random.nextInt(14, 23);
            for (long time = part;
                    time < 40 * 86_400_000L && samples.size() < 12_000;
                    time += 1 + random.nextLong(gap)) {
                samples.add(Series.sample(time, 1));
            }
            parts.add(downsampled(samples));
        }

        List<TimedChunk> merged = new PenaltyMerger(Resolution.FIVE_MINUTES).merge(parts);

        assertThat(times(merged)).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
        assertThat(merged.size()).as("seed %d", seed).isGreaterThanOrEqualTo(wantedByThanos(merged));
    }

    /// As `targetChunkCount` of `pkg/compact/downsample` has it, from 5m to 1h.
    private static int wantedByThanos(List<TimedChunk> chunks) {
        double millis = (double) (chunks.getLast().maxTime() - chunks.getFirst().minTime());
        int windows =
                chunks.stream().mapToInt(chunk -> chunk.chunk().sampleCount()).sum();
        double fullness = Math.min(1, windows / (millis / (double) WINDOW));
        int expected = (int) (Math.floor(millis / 3_600_000) * fullness) + 1;
        int wanted = 1;
        while (expected / wanted > 140) {
            wanted++;
        }
        return wanted;
    }

    @Test
    void aChunkThatIsNeitherSamplesNorAggregatesIsAnErrorOnlyWhereItLiesOverAnother() throws CorruptChunkException {
        List<TimedChunk> chunks = downsampled(counter(new Random(2), 100, 0));
        TimedChunk alone = new TimedChunk(1L << 40, 1L << 40, new Chunk(77, new byte[] {0, 1, 2}));
        TimedChunk over = new TimedChunk(5000, 6000, new Chunk(77, new byte[] {0, 1, 2}));

        assertThat(merge(List.of(chunks, List.of(alone)))).hasSize(chunks.size() + 1);
        assertThatThrownBy(() -> merge(List.of(chunks, List.of(over))))
                .isInstanceOf(CorruptChunkException.class)
                .hasMessageContaining("77");
    }

    /// Never longer than allowed, in order, and none of the times twice.
    private static void checkChunks(List<TimedChunk> chunks, String as) throws CorruptChunkException {
        long before = Long.MIN_VALUE;
        for (TimedChunk chunk : chunks) {
            assertThat(chunk.chunk().sampleCount()).as(as).isBetween(1, Resolution.WINDOWS_MAX);
            assertThat(chunk.minTime()).as(as).isGreaterThan(before);
            before = chunk.maxTime();
        }
        List<Long> times = times(chunks);
        assertThat(times).as(as).isSorted().doesNotHaveDuplicates();
    }

    private static List<FloatSample> counter(Random random, int number, long from) {
        List<FloatSample> samples = new ArrayList<>();
        double value = 0;
        for (int i = 0; i < number; i++) {
            value += random.nextInt(50);
            samples.add(Series.sample(from + i * STEP, value));
        }
        return samples;
    }

    private static List<FloatSample> between(List<FloatSample> samples, long from, long to) {
        List<FloatSample> inside = new ArrayList<>(samples);
        inside.removeIf(sample -> sample.timeMillis() < from || sample.timeMillis() >= to);
        return inside;
    }

    private static List<FloatSample> without(List<FloatSample> samples, List<FloatSample> others) {
        List<FloatSample> rest = new ArrayList<>(samples);
        rest.removeAll(others);
        return rest;
    }

    private static List<TimedChunk> downsampled(List<? extends Sample> samples) throws CorruptChunkException {
        return SeriesDownsampler.raw(Series.chunks(samples), Resolution.FIVE_MINUTES);
    }

    private static List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException {
        return new OneToOneMerger(Resolution.FIVE_MINUTES).merge(bySource);
    }

    private static double rawTotal(List<FloatSample> samples) {
        double total = samples.getFirst().value();
        for (int i = 1; i < samples.size(); i++) {
            total += FloatWindow.increase(
                    samples.get(i - 1).value(), samples.get(i).value());
        }
        return total;
    }

    private static double total(List<TimedChunk> chunks) throws CorruptChunkException {
        List<FloatIterator> counters = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            counters.add(part(chunk, Aggregate.COUNTER).floats());
        }
        CounterIterator counter = new CounterIterator(counters);
        double before = Double.NEGATIVE_INFINITY;
        while (counter.next()) {
            assertThat(counter.total()).isGreaterThanOrEqualTo(before);
            before = counter.total();
        }
        return counter.total();
    }

    private static Chunk part(TimedChunk chunk, Aggregate aggregate) throws CorruptChunkException {
        AggregateChunk.Part part =
                AggregateChunk.decode(chunk.chunk().data()).part(aggregate).orElseThrow();
        return new Chunk(part.encodingCode(), part.data());
    }

    private static List<Double> values(List<TimedChunk> chunks, Aggregate aggregate) throws CorruptChunkException {
        List<Double> values = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            FloatIterator it = part(chunk, aggregate).floats();
            while (it.next()) {
                values.add(it.value());
            }
        }
        return values;
    }

    private static List<String> contents(List<TimedChunk> chunks) {
        return chunks.stream()
                .map(chunk -> "%d %d %s"
                        .formatted(
                                chunk.minTime(),
                                chunk.maxTime(),
                                HexFormat.of().formatHex(chunk.chunk().data())))
                .toList();
    }

    /// A chunk's last window is named by its last sample.
    private static List<Long> windows(List<TimedChunk> chunks) throws CorruptChunkException {
        return times(chunks).stream().map(AggregateMergerTest::windowOf).toList();
    }

    private static long windowOf(long timeMillis) {
        return Resolution.FIVE_MINUTES.windowStart(timeMillis);
    }

    private static List<Long> times(List<TimedChunk> chunks) throws CorruptChunkException {
        List<Long> times = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            FloatIterator it = part(chunk, Aggregate.COUNT).floats();
            while (it.next()) {
                times.add(it.timeMillis());
            }
        }
        return times;
    }
}
