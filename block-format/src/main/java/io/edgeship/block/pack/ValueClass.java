package io.edgeship.block.pack;

/// What the values of a series are alike. The order is part of the format and never changes.
enum ValueClass {
    /// All the same bits.
    CONSTANT,
    /// Those of an earlier series.
    SAME,
    INTEGER,
    /// The doubles nearest to an integer over a power of ten.
    DECIMAL,
    /// Not far from such a double: a sum of decimals that was added up in floating point.
    NEAR_DECIMAL,
    /// Any bits, in the order of their values.
    BITS;

    static final int COUNT = 6;

    static ValueClass of(int ordinal) {
        return switch (ordinal) {
            case 0 -> CONSTANT;
            case 1 -> SAME;
            case 2 -> INTEGER;
            case 3 -> DECIMAL;
            case 4 -> NEAR_DECIMAL;
            default -> BITS;
        };
    }

    boolean hasExponent() {
        return this == DECIMAL || this == NEAR_DECIMAL;
    }
}
