package io.edgeship.block.pack;

import java.util.Arrays;

/// The values of a series as integers that an arithmetic coder can make something of. Doubles are used in
/// operations only that are exact by IEEE 754, so that every machine comes to the same bits. Not thread-safe;
/// one is used for series after series.
final class Scaled {
    static final int EXPONENT_MAX = 12;

    private static final int[] EXPONENTS_OF_SUMS = {9, 6};
    private static final double INTEGER_MAX = 4e15;
    private static final int ULPS_MAX = 1 << 14;
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    private static final long INFINITY = 0x7ff0000000000000L;

    /// What stands for each value; at odd ones as before.
    long[] integers = {};

    /// By how many steps of its last place a value differs from what its integer says.
    long[] ulps = {};

    ValueClass valueClass = ValueClass.BITS;
    int exponent;

    void room(int count) {
        if (integers.length < count) {
            integers = new long[Math.max(count, 2 * integers.length)];
            ulps = new long[integers.length];
        }
    }

    /// Whether a value is kept beside the integers: every NaN, whose bits matter, and negative zero.
    static boolean isOdd(long bits) {
        return bits == Long.MIN_VALUE || (bits & Long.MAX_VALUE) > INFINITY;
    }

    /// Finds the narrowest class that has all values exactly, and fills the arrays by it.
    void classify(long[] values, int count) {
        room(count);
        for (int e = 0; e <= EXPONENT_MAX; e++) {
            if (isScaledExactly(values, count, e)) {
                found(e == 0 ? ValueClass.INTEGER : ValueClass.DECIMAL, e);
                return;
            }
        }
        for (int e : EXPONENTS_OF_SUMS) {
            if (isScaledNearly(values, count, e)) {
                found(ValueClass.NEAR_DECIMAL, e);
                return;
            }
        }
        long before = 0;
        for (int i = 0; i < count; i++) {
            before = isOdd(values[i]) ? before : ordered(values[i]);
            integers[i] = before;
        }
        found(ValueClass.BITS, 0);
    }

    private void found(ValueClass as, int e) {
        valueClass = as;
        exponent = e;
    }

    private boolean isScaledExactly(long[] values, int count, int e) {
        long before = 0;
        for (int i = 0; i < count; i++) {
            if (!isOdd(values[i])) {
                double scaled = Double.longBitsToDouble(values[i]) * POWERS[e];
                if (!(Math.abs(scaled) < INTEGER_MAX)) {
                    return false;
                }
                before = (long) Math.rint(scaled);
                if (unscaled(before, e) != values[i]) {
                    return false;
                }
            }
            integers[i] = before;
        }
        return true;
    }

    private boolean isScaledNearly(long[] values, int count, int e) {
        long before = 0;
        long ulpsBefore = 0;
        for (int i = 0; i < count; i++) {
            if (!isOdd(values[i])) {
                double value = Double.longBitsToDouble(values[i]);
                double scaled = value * POWERS[e];
                if (!(scaled < INTEGER_MAX) || value < 0) {
                    return false;
                }
                before = (long) Math.rint(scaled);
                ulpsBefore = values[i] - unscaled(before, e);
                if (Math.abs(ulpsBefore) > ULPS_MAX) {
                    return false;
                }
            }
            integers[i] = before;
            ulps[i] = ulpsBefore;
        }
        return true;
    }

    private static long unscaled(long integer, int e) {
        return Double.doubleToRawLongBits((double) integer / POWERS[e]);
    }

    /// Bits of a double as a number that is greater where the double is; the same function leads back.
    private static long ordered(long bits) {
        return bits < 0 ? Long.MIN_VALUE - bits : bits;
    }

    /// Makes values of the arrays again; odd ones are left to whoever knows them.
    void restore(long[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = switch (valueClass) {
                case BITS -> ordered(integers[i]);
                case NEAR_DECIMAL -> unscaled(integers[i], exponent) + ulps[i];
                default -> unscaled(integers[i], exponent);
            };
        }
    }

    /// The greatest number that divides every difference of neighbours; 1 if all are equal.
    long divisor(int count) {
        long divisor = 0;
        for (int i = 1; i < count && divisor != 1; i++) {
            divisor = gcd(divisor, Math.abs(integers[i] - integers[0]));
        }
        return divisor == 0 ? 1 : divisor;
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    /// Values that are known to be integers, or stand for such, as [#integers] would have them.
    static long[] integers(long[] values, int count) {
        long[] integers = new long[count];
        long before = 0;
        for (int i = 0; i < count; i++) {
            double value = Double.longBitsToDouble(values[i]);
            before = Double.isNaN(value) ? before : (long) value;
            integers[i] = before;
        }
        return integers;
    }

    long[] copy(int count) {
        return Arrays.copyOf(integers, count);
    }
}
