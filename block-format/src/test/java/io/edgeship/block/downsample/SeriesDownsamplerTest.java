package io.edgeship.block.downsample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SeriesDownsamplerTest {
    private static final long STEP = 15_000;

    @Test
    void aWindowHasCountSumMinAndMaxOfItsSamples() throws IOException {
        List<TimedChunk> chunks = raw(floats(0, 4, 1, -2, 8, Double.NaN, 5));

        assertThat(chunks).hasSize(1);
        assertThat(values(chunks, Aggregate.COUNT)).containsExactly(5.0);
        assertThat(values(chunks, Aggregate.SUM)).containsExactly(16.0);
        assertThat(values(chunks, Aggregate.MIN)).containsExactly(-2.0);
        assertThat(values(chunks, Aggregate.MAX)).containsExactly(8.0);
        assertThat(chunks.getFirst().maxTime()).isEqualTo(5 * STEP);
    }

    @Test
    void aCounterThatBeginsAnewGoesOn() throws IOException {
        List<TimedChunk> chunks = raw(floats(0, 5, 9, 2, 6));
        // first raw sample, the window's total 5+4+2+4, then the last raw value
        assertThat(values(chunks, Aggregate.COUNTER)).containsExactly(5.0, 15.0, 6.0);
    }

    @Test
    void theCounterOverSeveralChunksIsThatOfTheRawSamples() throws IOException {
        Random random = new Random(7);
        double[] values = new double[40_000];
        for (int i = 1; i < values.length; i++) {
            values[i] = random.nextInt(500) == 0 ? random.nextInt(5) : values[i - 1] + random.nextInt(10);
        }
        double total = values[0];
        for (int i = 1; i < values.length; i++) {
            total += values[i] < values[i - 1] ? values[i] : values[i] - values[i - 1];
        }
        List<TimedChunk> fiveMinutes = raw(floats(0, values));
        assertThat(fiveMinutes).hasSizeGreaterThan(10);
        assertThat(lastTotal(fiveMinutes)).isEqualTo(total);
        List<TimedChunk> hours = SeriesDownsampler.aggregates(fiveMinutes, Resolution.ONE_HOUR);
        assertThat(hours.size()).isLessThan(fiveMinutes.size());
        assertThat(lastTotal(hours)).isEqualTo(total);
    }

    @Test
    void bothResolutionsAreToTheBitWhatEachIsByItself() throws IOException {
        long seed = 11;
        Random random = new Random(seed);
        double[] odd = {Double.NaN, StaleMarker.value(), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0};
        SeriesDownsampler downsampler = new SeriesDownsampler(); // keeps its memory from series to series
        for (int series = 0; series < 20; series++) {
            double[] values = new double[1 + random.nextInt(20_000)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(50) == 0 ? odd[random.nextInt(odd.length)] : random.nextInt(1000);
            }
            SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
            floats(random.nextInt(10_000_000), values).forEach(appender::append);
            List<TimedChunk> chunks = appender.finish();
            List<TimedChunk> fine = SeriesDownsampler.raw(chunks, Resolution.FIVE_MINUTES);
            List<TimedChunk> coarse = SeriesDownsampler.aggregates(fine, Resolution.ONE_HOUR);
            assertThat(downsampler.both(chunks))
                    .as("series %d, seed %d", series, seed)
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(fine, coarse));
        }
    }

    @Test
    void whatIsNeitherNumberNorMoreThanStaleLeavesNothing() throws IOException {
        assertThat(raw(floats(0, StaleMarker.value(), Double.NaN))).isEmpty();
        assertThat(SeriesDownsampler.aggregates(List.of(), Resolution.ONE_HOUR)).isEmpty();
    }

    /// Thanos crashes on the first of these, and loses the windows before the change on the second.
    @Test
    void aChunkEndsWhereHistogramsCannotBeAddedUp() throws IOException {
        HistogramLayout exponential = layout(0, 0.001, List.of());
        HistogramLayout widerZero = layout(0, 0.5, List.of());
        HistogramLayout custom = layout(HistogramLayout.CUSTOM_BOUNDS, 0, List.of(1.0, 2.0, 4.0, 8.0));
        HistogramLayout otherCustom = layout(HistogramLayout.CUSTOM_BOUNDS, 0, List.of(1.0, 3.0, 4.0, 8.0));
        List<Sample> samples = new ArrayList<>();
        for (HistogramLayout layout : List.of(exponential, custom, otherCustom, widerZero)) {
            for (int i = 0; i < 30; i++) {
                samples.add(histogram(samples.size() * STEP, layout, 10 + samples.size()));
            }
        }

        List<TimedChunk> chunks = raw(samples);

        assertThat(chunks).hasSize(4);
        assertThat(values(chunks, Aggregate.COUNT).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(120);
        List<TimedChunk> hours = SeriesDownsampler.aggregates(chunks, Resolution.ONE_HOUR);
        assertThat(hours).hasSize(4);
        assertThat(values(hours, Aggregate.COUNT)).containsExactly(30.0, 30.0, 30.0, 30.0);
    }

    /// Thanos takes the finer histogram for a new beginning and counts it twice.
    @Test
    void aChangeOfResolutionIsCountedOnce() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            HistogramLayout layout = layout(i < 30 ? 3 : 1, 0.001, List.of());
            samples.add(histogram(i * STEP, layout, i < 30 ? 10 + i : 100 + i));
        }
        List<TimedChunk> chunks = raw(samples);

        assertThat(chunks).hasSize(1);
        List<FloatHistogram> counters = histograms(chunks, Aggregate.COUNTER);
        assertThat(counters.getLast().layout().schema()).isEqualTo(1);
        assertThat(counters.getLast().count()).isEqualTo(4 * 159);
    }

    /// Ten days of one sample a window, then as many samples within a window as all before: one chunk of nearly
    /// all of it is what Thanos makes, and would then divide in two for ever.
    @Test
    void aThinStretchBeforeABurstIsDividedAllTheSame() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 2880; i++) {
            samples.add(new FloatSample(0, i * 300_000L, Double.doubleToRawLongBits(i)));
        }
        for (int i = 0; i < 200_000; i++) {
            samples.add(new FloatSample(0, 2880 * 300_000L + i, Double.doubleToRawLongBits(i)));
        }

        List<TimedChunk> chunks = raw(samples);

        assertThat(chunks).allMatch(chunk -> chunk.chunk().sampleCount() <= Batches.WINDOWS_LIMIT);
        assertThat(values(chunks, Aggregate.COUNT)).hasSize(2881);
        requireThatThanosEnds(chunks, "burst");
    }

    /// As `targetChunkCount` of Thanos has it: a series of fewer chunks than that is never done.
    private static void requireThatThanosEnds(List<TimedChunk> chunks, String as) {
        int windows =
                chunks.stream().mapToInt(chunk -> chunk.chunk().sampleCount()).sum();
        int wanted = Resolution.ONE_HOUR.chunks(
                chunks.getFirst().minTime(), chunks.getLast().maxTime(), windows);
        assertThat(chunks.size()).as(as).isGreaterThanOrEqualTo(wanted);
    }

    @RepeatedTest(40)
    void thereAreEnoughChunksForThanosHoweverSparseASeriesIs(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        List<Sample> samples = new ArrayList<>();
        long end = (1L + random.nextInt(40)) * 86_400_000;
        long gap = 1000;
        for (long time = 0; time < end && samples.size() < 50_000; time += 1 + random.nextLong(2 * gap)) {
            samples.add(new FloatSample(0, time, Double.doubleToRawLongBits((double) time)));
            gap = random.nextInt(300) == 0 ? 1L << random.nextInt(6, 24) : gap;
        }
        requireThatThanosEnds(raw(samples), "seed " + seed);
    }

    @Test
    void chunksOfUnknownEncodingsAreAnErrorThatNamesTheEncoding() {
        TimedChunk unknown = new TimedChunk(0, 1, new Chunk(77, new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> SeriesDownsampler.raw(List.of(unknown), Resolution.FIVE_MINUTES))
                .isInstanceOf(CorruptChunkException.class)
                .hasMessageContaining("77");
    }

    @RepeatedTest(30)
    void ofAnySamplesCountSumMinMaxAndTotalStay(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        List<Sample> samples = RandomSamples.of(new Random(seed), 1 + (int) (seed * seed * 10));
        String as = "seed " + seed;

        List<TimedChunk> chunks = raw(samples);
        List<TimedChunk> hours = SeriesDownsampler.aggregates(chunks, Resolution.ONE_HOUR);

        double expected = samples.stream().filter(SeriesDownsamplerTest::counts).count();
        for (List<TimedChunk> level : List.of(chunks, hours)) {
            assertThat(values(level, Aggregate.COUNT).stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .as(as)
                    .isEqualTo(expected);
            long last = Long.MIN_VALUE;
            for (TimedChunk chunk : level) {
                assertThat(chunk.minTime()).as(as).isGreaterThan(last);
                assertThat(chunk.chunk().sampleCount()).as(as).isLessThan(300);
                last = chunk.maxTime();
            }
        }
        double observations = 0;
        for (Sample sample : samples) {
            observations += switch (sample) {
                case HistogramSample it
                when counts(it) -> (double) it.histogram().count();
                case FloatHistogramSample it when counts(it) -> it.histogram().count();
                default -> 0;
            };
        }
        double summed = histograms(chunks, Aggregate.SUM).stream()
                .mapToDouble(FloatHistogram::count)
                .sum();
        assertThat(summed).as(as).isCloseTo(observations, within(1e-9 * (1 + observations)));
    }

    private static boolean counts(Sample sample) {
        return switch (sample) {
            case FloatSample it -> !Double.isNaN(it.value());
            case HistogramSample it -> !Double.isNaN(it.histogram().sum());
            case FloatHistogramSample it -> !Double.isNaN(it.histogram().sum());
        };
    }

    private static double lastTotal(List<TimedChunk> chunks) throws IOException {
        List<FloatIterator> counters = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            counters.add(part(chunk, Aggregate.COUNTER).floats());
        }
        CounterIterator counter = new CounterIterator(counters);
        while (counter.next()) {
            // to the end
        }
        return counter.total();
    }

    private static Chunk part(TimedChunk chunk, Aggregate aggregate) throws IOException {
        AggregateChunk.Part part =
                AggregateChunk.decode(chunk.chunk().data()).part(aggregate).orElseThrow();
        return new Chunk(part.encodingCode(), part.data());
    }

    private static List<Double> values(List<TimedChunk> chunks, Aggregate aggregate) throws IOException {
        List<Double> values = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            FloatIterator it = part(chunk, aggregate).floats();
            while (it.next()) {
                values.add(it.value());
            }
        }
        return values;
    }

    private static List<FloatHistogram> histograms(List<TimedChunk> chunks, Aggregate aggregate) throws IOException {
        List<FloatHistogram> histograms = new ArrayList<>();
        for (TimedChunk chunk : chunks) {
            Chunk part = part(chunk, aggregate);
            SampleIterator it = new SampleIterator(List.of(new TimedChunk(0, 0, part)));
            for (Sample sample = it.next(); sample != null; sample = it.next()) {
                if (sample instanceof FloatHistogramSample histogram) {
                    histograms.add(histogram.histogram());
                }
            }
        }
        return histograms;
    }

    private static HistogramLayout layout(int schema, double threshold, List<Double> bounds) {
        return new HistogramLayout(schema, threshold, List.of(new Span(0, 4)), List.of(), bounds);
    }

    /// Each of the four buckets has `each` observations.
    private static Sample histogram(long time, HistogramLayout layout, long each) {
        long[] deltas = {each, 0, 0, 0};
        return new HistogramSample(0, time, false, new Histogram(layout, 4 * each, 0, 1, deltas, new long[0]));
    }

    private static List<Sample> floats(long from, double... values) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            samples.add(new FloatSample(0, from + i * STEP, Double.doubleToRawLongBits(values[i])));
        }
        return samples;
    }

    private static List<TimedChunk> raw(List<Sample> samples) throws IOException {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        samples.forEach(appender::append);
        return SeriesDownsampler.raw(appender.finish(), Resolution.FIVE_MINUTES);
    }
}
