package io.edgeship.block.head;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.histogram.Buckets;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesAppenderTest {
    private static final long STEP = 15_000;

    @Test
    void twoHoursOfFifteenSecondsAreFourChunksOfAHundredAndTwenty() {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        for (int i = 0; i < 480; i++) {
            appender.append(0, i * STEP, Double.doubleToRawLongBits(i));
        }
        assertThat(appender.finish())
                .extracting(chunk -> chunk.chunk().sampleCount())
                .containsExactly(120, 120, 120, 120);
    }

    @Test
    void noChunkGoesAcrossABorderOfTheRange() {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        for (int i = 470; i < 490; i++) {
            appender.append(0, i * STEP, 0);
        }
        assertThat(appender.finish()).extracting(TimedChunk::minTime).containsExactly(470 * STEP, 480 * STEP);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aSampleThatIsNotLaterIsRefused(long step) {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        appender.append(0, 5, 0);
        assertThatThrownBy(() -> appender.append(0, 5 + step, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHistogramWithMoreBucketsWidensTheWholeChunk() throws IOException {
        List<TimedChunk> chunks = append(
                ChunkRules.DEFAULT,
                List.of(
                        histogram(0, false, new int[] {1, 2}, 3, 4),
                        histogram(1, false, new int[] {1, 2, 7}, 3, 5, 1)));
        assertThat(chunks).hasSize(1);
        HistogramIterator it = (HistogramIterator) chunks.getFirst().chunk().iterator();
        assertThat(it.next()).isTrue();
        assertThat(Buckets.indexes(it.histogram().layout().positiveSpans())).containsExactly(1, 2, 7);
        assertThat(it.counterReset()).isEqualTo(CounterReset.UNKNOWN);
    }

    @Test
    void aHistogramWhoseCountsWentDownBeginsAChunkThatSaysSo() {
        List<TimedChunk> chunks = append(
                ChunkRules.DEFAULT,
                List.of(
                        histogram(0, false, new int[] {1, 2}, 3, 4),
                        histogram(1, false, new int[] {1, 2, 3}, 2, 4, 9),
                        histogram(2, false, new int[] {2, 3}, 4, 9)));
        assertThat(chunks).hasSize(3);
        assertThat(resets(chunks)).containsExactly(CounterReset.UNKNOWN, CounterReset.RESET, CounterReset.RESET);
    }

    @Test
    void aGaugeHistogramMayGoDown() {
        List<TimedChunk> chunks = append(
                ChunkRules.DEFAULT,
                List.of(histogram(0, true, new int[] {1, 2}, 3, 4), histogram(1, true, new int[] {2, 9}, 1, 1)));
        assertThat(resets(chunks)).containsExactly(CounterReset.GAUGE);
    }

    @RepeatedTest(40)
    void whateverIsAppendedComesBack(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        List<Sample> samples = RandomSamples.of(new Random(seed), 1 + (int) (seed * seed * 6));
        for (boolean withStarts : new boolean[] {false, true}) {
            ChunkRules rules = new ChunkRules(7_200_000, withStarts, withStarts);
            List<TimedChunk> chunks = append(rules, samples);
            assertSame(chunks, samples, withStarts, "seed " + seed);
        }
    }

    private static void assertSame(List<TimedChunk> chunks, List<Sample> samples, boolean withStarts, String seed)
            throws IOException {
        SampleIterator it = new SampleIterator(chunks);
        for (Sample expected : samples) {
            Sample read = requireNonNull(it.next(), seed);
            assertThat(read.timeMillis()).as(seed).isEqualTo(expected.timeMillis());
            assertThat(read.startMillis()).as(seed).isEqualTo(withStarts ? expected.startMillis() : 0);
            assertThat(expected.isSameValue(read))
                    .as("%s: %s, read %s", seed, expected, read)
                    .isTrue();
        }
        assertThat(it.next()).as(seed).isNull();
    }

    private static List<TimedChunk> append(ChunkRules rules, List<Sample> samples) {
        SeriesAppender appender = new SeriesAppender(rules);
        samples.forEach(appender::append);
        return appender.finish();
    }

    private static List<CounterReset> resets(List<TimedChunk> chunks) {
        return chunks.stream()
                .map(chunk -> ((HistogramIterator) chunk.chunk().iterator()).counterReset())
                .toList();
    }

    private static Sample histogram(long time, boolean isGauge, int[] indexes, long... counts) {
        HistogramLayout layout = new HistogramLayout(0, 0.001, Buckets.spans(indexes), List.of(), List.of());
        long[] deltas = counts.clone();
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            deltas[i] = counts[i] - (i == 0 ? 0 : counts[i - 1]);
            count += counts[i];
        }
        return new HistogramSample(
                0, time, isGauge, new Histogram(layout, count, 0, (double) count, deltas, new long[0]));
    }
}
