package io.edgeship.block.pack;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values of a series: what they are alike, then how each differs from the one before. Not thread-safe.
@SuppressWarnings("EnumOrdinal") // the order of classes is part of the format
final class ValueColumn {
    private static final int OTHER = 2;
    private static final double INTEGER_MAX = 1e15;

    private static final int FIRST_OF_EVENTS_LEFT = 3;

    private final ContextCoder coder;
    private final Window window = new Window();
    private final BucketColumns buckets = new BucketColumns();
    private final Scaled scaled = new Scaled();
    private final NumberColumn numbers;
    private final Map<Integer, Long> lastConstants = new HashMap<>();
    private long[] otherTimes = {};
    private long[] otherValues = {};
    private int lastClass;
    private int lastDistance = 1;

    ValueColumn(ContextCoder coder) {
        this.coder = coder;
        numbers = new NumberColumn(coder, scaled);
    }

    /// Codes the values of a series that has at least one.
    ///
    /// @param values as many as the series has samples; a decoder fills them
    void code(PackedSeries series, SeriesRole role, long[] values) throws IOException {
        int count = series.samples();
        room(count);
        PackedSeries same = null;
        if (!coder.decoding()) {
            same = isConstant(values, count) ? null : sameAs(series, role, values);
            classify(values, count, same);
        }
        int given = scaled.valueClass.ordinal();
        int coded = coder.choice(Field.CLASS, series.value, lastClass, given, ValueClass.COUNT);
        lastClass = coded;
        scaled.valueClass = ValueClass.of(coded);
        switch (scaled.valueClass) {
            case CONSTANT -> codeConstant(series, role, values);
            case SAME -> codeSame(series, role, same, values);
            case INTEGER, DECIMAL, NEAR_DECIMAL, BITS -> codeNumbers(series, role, values);
        }
    }

    /// Keeps a coded series, whose chunks are known by now, for later ones.
    void keep(PackedSeries series, long[] values) {
        boolean isFound = !coder.decoding() && series.samples() > 0 && scaled.valueClass != ValueClass.CONSTANT;
        window.add(series, isFound ? Window.hash(series.times, values, series.samples()) : 0);
    }

    private void room(int count) {
        scaled.room(count);
        if (otherTimes.length < count) {
            otherTimes = new long[Math.max(count, 2 * otherTimes.length)];
            otherValues = new long[otherTimes.length];
        }
    }

    private static boolean isConstant(long[] values, int count) {
        for (int i = 1; i < count; i++) {
            if (values[i] != values[0]) {
                return false;
            }
        }
        return true;
    }

    private void classify(long[] values, int count, @Nullable PackedSeries same) {
        if (isConstant(values, count)) {
            scaled.valueClass = ValueClass.CONSTANT;
        } else if (same != null) {
            scaled.valueClass = ValueClass.SAME;
        } else {
            scaled.classify(values, count);
        }
    }

    // ------------------------------------------------------------------ constants

    private void codeConstant(PackedSeries series, SeriesRole role, long[] values) throws IOException {
        int count = series.samples();
        long last = lastConstants.getOrDefault(series.value, 0L);
        long given = coder.decoding() ? 0 : values[0];
        int kind = given == last ? 0 : isInteger(given) ? 1 : OTHER;
        kind = coder.choice(Field.CONSTANT_KIND, series.value, 0, kind, OTHER + 1);
        long constant = switch (kind) {
            case 0 -> last;
            case 1 -> codeInteger(series.value, integer(last), integer(given));
            default -> coder.raw(given);
        };
        lastConstants.put(series.value, constant);
        if (coder.decoding()) {
            Arrays.fill(values, 0, count, constant);
        }
        boolean isCount = !role.isTotal() || Double.longBitsToDouble(constant) >= 0;
        buckets.remember(series, role, isCount && role.isBucket() ? new long[count] : null);
    }

    private long codeInteger(int metric, long last, long given) throws IOException {
        return Double.doubleToRawLongBits((double) (last + coder.number(Field.CONSTANT, metric, 0, given - last)));
    }

    private static boolean isInteger(long bits) {
        return Double.doubleToRawLongBits((double) integer(bits)) == bits;
    }

    private static long integer(long bits) {
        double value = Double.longBitsToDouble(bits);
        return Math.abs(value) < INTEGER_MAX ? (long) value : 0;
    }

    // ------------------------------------------------------------------ the values of an earlier series

    private @Nullable PackedSeries sameAs(PackedSeries series, SeriesRole role, long[] values) throws IOException {
        BucketColumns.Column total = buckets.total(role);
        if (total != null && !role.isBucket() && equals(total.series(), series, values)) {
            return total.series();
        }
        PackedSeries like = window.like(Window.hash(series.times, values, series.samples()));
        return like != null && equals(like, series, values) ? like : null;
    }

    private boolean equals(PackedSeries other, PackedSeries series, long[] values) throws IOException {
        int count = series.samples();
        if (other.times != series.times || other.samples() != count) {
            return false;
        }
        other.decode(otherTimes, otherValues);
        return Arrays.equals(otherValues, 0, count, values, 0, count);
    }

    private void codeSame(PackedSeries series, SeriesRole role, @Nullable PackedSeries given, long[] values)
            throws IOException {
        int count = series.samples();
        BucketColumns.Column total = role.isBucket() ? null : buckets.total(role);
        PackedSeries other = null;
        if (total != null && coder.choice(Field.SAME_AS_TOTAL, 0, 0, given == total.series() ? 1 : 0, 2) == 1) {
            other = total.series();
        }
        if (other == null) {
            other = earlier(series, given);
        }
        if (other.samples() != count) {
            throw coder.corrupt("%d samples like %d".formatted(count, other.samples()));
        }
        if (coder.decoding()) {
            other.decode(otherTimes, values);
        }
        if (role.isBucket()) {
            buckets.remember(series, role, Scaled.integers(values, count));
        }
    }

    private PackedSeries earlier(PackedSeries series, @Nullable PackedSeries given) throws IOException {
        int distance = given == null ? 0 : series.number - given.number;
        distance = coder.bounded(Field.SAME_DISTANCE, series.value, lastDistance, distance, 1, Integer.MAX_VALUE);
        lastDistance = distance;
        PackedSeries other = window.get(series.number - distance);
        if (other == null) {
            throw coder.corrupt("like a series %d before, which is not kept".formatted(distance));
        }
        return other;
    }

    // ------------------------------------------------------------------ numbers

    private void codeNumbers(PackedSeries series, SeriesRole role, long[] values) throws IOException {
        int count = series.samples();
        ValueClass as = scaled.valueClass;
        scaled.exponent = as.hasExponent()
                ? coder.bounded(Field.EXPONENT, series.value, 0, scaled.exponent, 0, Scaled.EXPONENT_MAX)
                : 0;
        BucketColumns.Column lower = as == ValueClass.INTEGER ? buckets.lower(series, role) : null;
        long divisor = lower != null ? 1 : divisor(series, count);
        int odd = coder.bounded(Field.ODD_COUNT, series.value, 0, numbers.countOdd(values, count), 0, count);
        scaled.integers[0] = coder.number(Field.FIRST, series.value, as.ordinal(), scaled.integers[0]);
        int likeness = as.ordinal() * 2 + (lower != null ? 1 : 0);
        coder.beginSeries(series.value, likeness);
        BucketColumns.Column total = buckets.total(role);
        codeDeltas(count, divisor, lower, total != null && total.isOver(series) ? total : null);
        if (as == ValueClass.NEAR_DECIMAL) {
            numbers.codeUlps(count);
        }
        if (coder.decoding()) {
            scaled.restore(values, count);
        }
        numbers.codeOdd(values, count, odd);
        buckets.remember(series, role, as == ValueClass.INTEGER && role.isBucket() ? scaled.copy(count) : null);
    }

    private long divisor(PackedSeries series, int count) throws IOException {
        boolean isKnown = coder.decoding() || scaled.valueClass == ValueClass.BITS;
        return coder.number(Field.DIVISOR, series.value, 0, isKnown ? 1 : scaled.divisor(count));
    }

    private void codeDeltas(
            int count, long divisor, BucketColumns.@Nullable Column lower, BucketColumns.@Nullable Column total)
            throws IOException {
        long[] x = scaled.integers;
        boolean decoding = coder.decoding();
        long before = 0;
        for (int i = 1; i < count; i++) {
            long base = lower == null ? 0 : lower.counts()[i] - lower.counts()[i - 1];
            int context = total == null
                    ? (before == 0 ? 0 : before < 0 ? 1 : 2)
                    : FIRST_OF_EVENTS_LEFT
                            + BucketColumns.ofEventsLeft(total.counts()[i] - total.counts()[i - 1] - base);
            long delta = decoding ? 0 : (x[i] - x[i - 1]) / divisor - base;
            before = coder.inSeries(context, delta);
            if (decoding) {
                x[i] = x[i - 1] + (before + base) * divisor;
            }
        }
    }
}
