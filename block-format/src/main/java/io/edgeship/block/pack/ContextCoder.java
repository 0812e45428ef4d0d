package io.edgeship.block.pack;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.util.Arrays;

/// Codes numbers, each by what is around it: its field, and up to two numbers that say what it may be like. As
/// [RangeCoder], one path for both ways. Not thread-safe.
final class ContextCoder {
    private static final int TABLE_BITS = 12;

    /// Contexts of a series' values.
    private static final int SERIES_CONTEXTS = 64;

    /// What counts of a series before it that is alike.
    private static final int KEPT_COUNT = 4;

    private final RangeCoder coder;
    private final String pack;
    private final int[] slots = new int[RangeCoder.SLOTS << TABLE_BITS]; // those of two contexts may be the same
    private final int[] ofSeries = new int[RangeCoder.SLOTS * SERIES_CONTEXTS];

    private int likeMetric = -1;
    private int lastLikeness = -1;

    /// @param pack what errors call it
    ContextCoder(RangeCoder coder, String pack) {
        this.coder = coder;
        this.pack = pack;
        Arrays.fill(slots, RangeCoder.FRESH);
        Arrays.fill(ofSeries, RangeCoder.FRESH);
    }

    boolean decoding() {
        return coder.decoding();
    }

    @SuppressWarnings("EnumOrdinal") // the order is part of the format
    long number(Field field, long context, long more, long value) throws IOException {
        return coder.number(slots, slot(field.ordinal(), context, more), value);
    }

    /// A number that is coded by how it differs from `guess`.
    ///
    /// @throws CorruptFormatException if it is not from `min` to `max`
    int bounded(Field field, long context, int guess, int value, int min, int max) throws IOException {
        long decoded = guess + number(field, context, 0, (long) value - guess);
        if (decoded < min || decoded > max) {
            throw corrupt("%s is %d, want %d to %d".formatted(field, decoded, min, max));
        }
        return (int) decoded;
    }

    /// One of `choices` small numbers.
    int choice(Field field, long context, long more, int value, int choices) throws IOException {
        long decoded = number(field, context, more, value);
        if (decoded < 0 || decoded >= choices) {
            throw corrupt("%s is %d of %d".formatted(field, decoded, choices));
        }
        return (int) decoded;
    }

    long raw(long value) throws IOException {
        return (coder.raw(value >>> Integer.SIZE, Integer.SIZE) << Integer.SIZE)
                | coder.raw(value & 0xffffffffL, Integer.SIZE);
    }

    /// @param context below 64
    long inSeries(int context, long value) throws IOException {
        return coder.number(ofSeries, context * RangeCoder.SLOTS, value);
    }

    /// Slots are new, but for what is kept of a series that is alike.
    ///
    /// @param likeness of what the series' numbers are
    void beginSeries(int metric, int likeness) {
        boolean isAlike = metric == likeMetric && likeness == lastLikeness;
        likeMetric = metric;
        lastLikeness = likeness;
        if (!isAlike) {
            Arrays.fill(ofSeries, RangeCoder.FRESH);
            return;
        }
        for (int i = 0; i < ofSeries.length; i++) {
            if ((ofSeries[i] & RangeCoder.COUNT_MASK) > KEPT_COUNT) {
                ofSeries[i] = (ofSeries[i] & ~RangeCoder.COUNT_MASK) | KEPT_COUNT;
            }
        }
    }

    void finish() throws IOException {
        coder.finish();
    }

    CorruptFormatException corrupt(String problem) {
        return coder.corrupt(pack, problem);
    }

    private static int slot(long field, long context, long more) {
        long hash = (field * 0x9E3779B97F4A7C15L ^ context) * 0xC2B2AE3D27D4EB4FL;
        hash = (hash ^ hash >>> 29 ^ more) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> (Long.SIZE - TABLE_BITS)) * RangeCoder.SLOTS;
    }
}
