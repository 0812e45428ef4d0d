package io.edgeship.block.pack;

import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The samples of one chunk that was taken apart. Not thread-safe.
@SuppressWarnings("EnumOrdinal") // the order of classes and resets is part of the format
final class SampleColumns {
    private static final int SAMPLES_WITH_STARTS_MAX = (1 << 14) - 1;
    private static final int LIKENESS = 100;
    private static final int SIGNS = 3;

    /// Columns of a part that have contexts of their own: the sum, the count, and all others.
    private static final int KINDS = 3;

    private final ContextCoder coder;
    private final Sequences sequences = new Sequences();
    private final LayoutColumn layouts;
    private final Scaled scaled = new Scaled();
    private final NumberColumn numbers;
    private final Last[] lasts;
    private int lastTimes = -1;
    private int metric;

    /// What a part's columns were in the series' chunk before.
    private static final class Last {
        private int[] classes = {};
        private int[] exponents = {};
        private long[] numbers = {};
        private long start;

        private void room(int columns) {
            if (classes.length < columns) {
                classes = Arrays.copyOf(classes, columns);
                exponents = Arrays.copyOf(exponents, columns);
                numbers = Arrays.copyOf(numbers, columns);
            }
        }
    }

    /// @param parts that a chunk may have
    SampleColumns(ContextCoder coder, int parts) {
        this.coder = coder;
        layouts = new LayoutColumn(coder);
        numbers = new NumberColumn(coder, scaled);
        lasts = new Last[parts];
        Arrays.setAll(lasts, _ -> new Last());
    }

    void beginSeries(int ofMetric) {
        metric = ofMetric;
        coder.beginSeries(metric, LIKENESS);
        Arrays.setAll(lasts, _ -> new Last());
    }

    /// Codes the samples of a part of a chunk; what is no aggregate is its only part.
    ///
    /// @param given null for a decoder
    ChunkSamples code(int part, Encoding encoding, @Nullable ChunkSamples given) throws IOException {
        boolean isFloats = encoding.holdsFloats();
        boolean isIntegers = encoding == Encoding.HISTOGRAM || encoding == Encoding.HISTOGRAM_ST;
        CounterReset reset = given == null ? CounterReset.UNKNOWN : given.reset();
        HistogramLayout layout = given == null ? HistogramLayout.NONE : given.layout();
        if (!isFloats) {
            int coded = coder.choice(Field.RESET, part, 0, reset.ordinal(), CounterReset.values().length);
            reset = CounterReset.values()[coded];
            layout = layouts.code(layout);
        }
        int width = ChunkSamples.width(!isFloats, layout);
        int samplesMax = hasStarts(encoding) && !isFloats ? SAMPLES_WITH_STARTS_MAX : FloatAppender.SAMPLES_MAX;
        long[] times = codeTimes(part, given, Math.min(samplesMax, ChunkSamples.NUMBERS_MAX / width));
        int count = times.length;
        ChunkSamples samples =
                given == null ? new ChunkSamples(reset, layout, times, new long[count], new long[width][count]) : given;
        lasts[part].room(width);
        if (hasStarts(encoding)) {
            codeStarts(lasts[part], samples);
        }
        for (int column = 0; column < (isIntegers ? 1 : width); column++) {
            codeDoubles(part, column, samples.columns()[column]);
        }
        if (isIntegers) {
            codeEvents(part, samples);
        }
        return samples;
    }

    private static boolean hasStarts(Encoding encoding) {
        return encoding == Encoding.XOR2
                || encoding == Encoding.HISTOGRAM_ST
                || encoding == Encoding.FLOAT_HISTOGRAM_ST;
    }

    private long[] codeTimes(int part, @Nullable ChunkSamples given, int countMax) throws IOException {
        int next = sequences.next();
        int guess = Math.min(next, part == 0 ? lastTimes + 1 : Math.max(0, lastTimes));
        int found = given == null ? 0 : sequences.find(given.times());
        int id = coder.bounded(Field.SAMPLE_TIMES, part, guess, found < 0 ? next : found, 0, next);
        long[] times = sequences.get(id);
        if (id == next) {
            int count =
                    coder.bounded(Field.SAMPLE_COUNT, part, 0, given == null ? 0 : given.times().length, 1, countMax);
            times = TimeColumn.deltas(coder, given == null ? new long[count] : given.times());
            sequences.add(times);
        }
        if (times == null || times.length > countMax) {
            throw coder.corrupt("times %d of a chunk are not known, or too many".formatted(id));
        }
        lastTimes = id;
        return times;
    }

    /// A start mostly stays, or moves to the time of the sample before.
    private void codeStarts(Last last, ChunkSamples samples) throws IOException {
        long[] starts = samples.starts();
        long[] times = samples.times();
        boolean follows = false;
        for (int i = 0; i < starts.length; i++) {
            long guess = i == 0 ? last.start : follows ? times[i - 1] : starts[i - 1];
            long given = coder.decoding() ? 0 : starts[i] - guess;
            starts[i] = guess + coder.number(Field.START, Math.min(i, 1), follows ? 1 : 0, given);
            follows = i > 0 && starts[i] == times[i - 1];
        }
        last.start = starts[starts.length - 1];
    }

    /// Count, zeroes and buckets of histograms of integers, each among the events that no column before it had.
    private void codeEvents(int part, ChunkSamples samples) throws IOException {
        long[][] columns = samples.columns();
        codeCount(part, columns[1]);
        long[] left = new long[columns[1].length];
        for (int column = 1; column < columns.length; column++) {
            if (column > 1) {
                codeBucket(part, column, columns, left);
            }
            int sign = column == 1 ? 1 : -1;
            for (int i = 1; i < left.length; i++) {
                left[i] += sign * (columns[column][i] - columns[column][i - 1]);
            }
        }
    }

    private void codeCount(int part, long[] x) throws IOException {
        codeFirst(part, 1, x);
        long before = 0;
        for (int i = 1; i < x.length; i++) {
            before = coder.inSeries(context(part, 1, before), coder.decoding() ? 0 : x[i] - x[i - 1]);
            x[i] = x[i - 1] + before;
        }
        lasts[part].numbers[1] = x[x.length - 1];
    }

    /// @param left events since the sample before that are in the count and in no column between it and this one
    private void codeBucket(int part, int column, long[][] columns, long[] left) throws IOException {
        long[] x = columns[column];
        boolean isLast = column == columns.length - 1;
        codeFirst(part, column, x);
        for (int i = 1; i < x.length; i++) {
            long guess = isLast ? left[i] : 0;
            long given = coder.decoding() ? 0 : x[i] - x[i - 1] - guess;
            x[i] = x[i - 1] + guess + coder.inSeries(eventsContext(left[i]), given);
        }
        lasts[part].numbers[column] = x[x.length - 1];
    }

    private void codeFirst(int part, int column, long[] x) throws IOException {
        long guess = lasts[part].numbers[column];
        x[0] = guess + coder.number(Field.EVENTS, part, Math.min(column, KINDS), x[0] - guess);
    }

    private int eventsContext(long left) {
        return lasts.length * KINDS * SIGNS + BucketColumns.ofEventsLeft(left);
    }

    private static int context(int part, int column, long before) {
        return (part * KINDS + Math.min(column, KINDS - 1)) * SIGNS + (before == 0 ? 0 : before < 0 ? 1 : 2);
    }

    private void codeDoubles(int part, int column, long[] values) throws IOException {
        int count = values.length;
        Last last = lasts[part];
        int kind = part * KINDS + Math.min(column, KINDS - 1);
        scaled.room(count);
        if (!coder.decoding()) {
            scaled.classify(values, count);
        }
        int as = coder.choice(
                Field.COLUMN_CLASS, kind, last.classes[column], scaled.valueClass.ordinal(), ValueClass.COUNT);
        scaled.valueClass = ValueClass.of(as);
        if (as < ValueClass.INTEGER.ordinal()) {
            throw coder.corrupt("a column of class %s".formatted(scaled.valueClass));
        }
        scaled.exponent = scaled.valueClass.hasExponent()
                ? coder.bounded(Field.EXPONENT, metric, 0, scaled.exponent, 0, Scaled.EXPONENT_MAX)
                : 0;
        int odd = coder.bounded(Field.COLUMN_ODD, kind, 0, numbers.countOdd(values, count), 0, count);
        boolean isAlike = last.classes[column] == as && last.exponents[column] == scaled.exponent;
        codeIntegers(part, column, count, isAlike ? last.numbers[column] : 0);
        if (scaled.valueClass == ValueClass.NEAR_DECIMAL) {
            numbers.codeUlps(count);
        }
        last.classes[column] = as;
        last.exponents[column] = scaled.exponent;
        last.numbers[column] = scaled.integers[count - 1];
        if (coder.decoding()) {
            scaled.restore(values, count);
        }
        numbers.codeOdd(values, count, odd);
    }

    private void codeIntegers(int part, int column, int count, long guess) throws IOException {
        long[] x = scaled.integers;
        boolean decoding = coder.decoding();
        boolean isWhole = decoding || scaled.valueClass == ValueClass.BITS;
        long divisor = coder.number(Field.COLUMN_DIVISOR, part, 0, isWhole ? 1 : scaled.divisor(count));
        x[0] = guess + coder.number(Field.COLUMN_FIRST, part, Math.min(column, KINDS), x[0] - guess);
        long before = 0;
        for (int i = 1; i < count; i++) {
            long given = decoding ? 0 : (x[i] - x[i - 1]) / divisor;
            before = coder.inSeries(context(part, column, before), given);
            x[i] = decoding ? x[i - 1] + before * divisor : x[i];
        }
    }
}
