package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;
import java.util.ArrayList;
import java.util.List;

/// The layout at the head of a histogram chunk; the page draws it.
final class LayoutCodec {
    /// As many buckets as schema 8 has over all exponents of a double; without a bound a damaged length would take all
    /// memory.
    static final int BUCKETS_MAX = 1 << 19;

    /// More than any histogram has: each takes two bits in a chunk, and some forty bytes here.
    static final int SPANS_MAX = 1 << 16;

    private static final int THRESHOLD_IN_FULL = 255;
    private static final int EXPONENT_MIN = -242;
    private static final int EXPONENT_MAX = 11;
    private static final int EXPONENT_BIAS = 243;

    private static final double BOUND_UNIT = 1000;
    private static final double BOUND_MAX = 33_554_430;

    private LayoutCodec() {}

    static void write(BitWriter out, HistogramLayout layout) {
        writeThreshold(out, layout.zeroThreshold());
        Varbit.write(out, layout.schema());
        writeSpans(out, layout.positiveSpans());
        writeSpans(out, layout.negativeSpans());
        if (layout.schema() == HistogramLayout.CUSTOM_BOUNDS) {
            Varbit.writeUnsigned(out, layout.customBounds().size());
            layout.customBounds().forEach(bound -> writeBound(out, bound));
        }
    }

    static HistogramLayout read(BitReader in) throws EndOfBits, CorruptChunkException {
        double threshold = readThreshold(in);
        int schema = (int) Varbit.read(in);
        if (!HistogramLayout.isKnown(schema)) {
            throw new CorruptChunkException("histogram schema %d is unknown".formatted(schema));
        }
        List<Span> positive = readSpans(in);
        List<Span> negative = readSpans(in);
        List<Double> bounds = schema == HistogramLayout.CUSTOM_BOUNDS ? readBounds(in) : List.of();
        return new HistogramLayout(schema, threshold, positive, negative, bounds);
    }

    /// A power of two, as most are, in one byte.
    private static void writeThreshold(BitWriter out, double threshold) {
        int exponent = Math.getExponent(threshold) + 1; // of 0.5 times a power of two
        boolean isPower = threshold == Math.scalb(0.5, exponent);
        if (threshold == 0) {
            out.bits(0, Byte.SIZE);
        } else if (isPower && EXPONENT_MIN <= exponent && exponent <= EXPONENT_MAX) {
            out.bits(exponent + EXPONENT_BIAS, Byte.SIZE);
        } else {
            out.bits(THRESHOLD_IN_FULL, Byte.SIZE);
            out.bits(Double.doubleToRawLongBits(threshold), Long.SIZE);
        }
    }

    private static double readThreshold(BitReader in) throws EndOfBits {
        int code = (int) in.bits(Byte.SIZE);
        return switch (code) {
            case 0 -> 0;
            case THRESHOLD_IN_FULL -> Double.longBitsToDouble(in.bits(Long.SIZE));
            default -> Math.scalb(0.5, code - EXPONENT_BIAS);
        };
    }

    private static void writeSpans(BitWriter out, List<Span> spans) {
        Varbit.writeUnsigned(out, spans.size());
        for (Span span : spans) {
            Varbit.writeUnsigned(out, span.length());
            Varbit.write(out, span.offset());
        }
    }

    private static List<Span> readSpans(BitReader in) throws EndOfBits, CorruptChunkException {
        long count = Varbit.readUnsigned(in);
        if (count < 0 || count > SPANS_MAX) {
            throw new CorruptChunkException("a histogram of more than %d spans".formatted(SPANS_MAX));
        }
        List<Span> spans = new ArrayList<>();
        long buckets = 0;
        for (long i = 0; i < count; i++) {
            long length = Varbit.readUnsigned(in);
            int offset = (int) Varbit.read(in);
            if (length < 0 || length > BUCKETS_MAX - buckets) {
                throw new CorruptChunkException("a histogram of more than %d buckets".formatted(BUCKETS_MAX));
            }
            buckets += length;
            spans.add(new Span(offset, (int) length));
        }
        return spans;
    }

    private static void writeBound(BitWriter out, double bound) {
        double units = bound * BOUND_UNIT;
        boolean isWhole = (long) roundHalfAway(units) / BOUND_UNIT == bound;
        if (units < 0 || units > BOUND_MAX || !isWhole) {
            out.bit(false);
            out.bits(Double.doubleToRawLongBits(bound), Long.SIZE);
        } else {
            Varbit.writeUnsigned(out, (long) roundHalfAway(units) + 1);
        }
    }

    /// As Go rounds; Java's `Math.round` goes up from a half.
    private static double roundHalfAway(double value) {
        return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
    }

    private static List<Double> readBounds(BitReader in) throws EndOfBits, CorruptChunkException {
        long count = Varbit.readUnsigned(in);
        if (count < 0 || count > BUCKETS_MAX) {
            throw new CorruptChunkException("a histogram of more than %d buckets".formatted(BUCKETS_MAX));
        }
        List<Double> bounds = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long code = Varbit.readUnsigned(in);
            bounds.add(code == 0 ? Double.longBitsToDouble(in.bits(Long.SIZE)) : (code - 1) / BOUND_UNIT);
        }
        return bounds;
    }
}
