package io.edgeship.block.tsdb.chunks;

import java.util.Locale;

/// How a chunk holds its samples. What this build cannot decode it still names and moves.
public enum Encoding {
    XOR(1),
    HISTOGRAM(2),
    FLOAT_HISTOGRAM(3),
    /// Since Prometheus 3.11; Thanos up to 0.43 cannot read it.
    XOR2(4),
    /// Histograms with start timestamps; Thanos up to 0.43 cannot read them.
    HISTOGRAM_ST(5),
    FLOAT_HISTOGRAM_ST(6),
    /// Thanos' downsampled chunks.
    AGGREGATE(0xFF),
    UNKNOWN(-1);

    private final int code;

    Encoding(int code) {
        this.code = code;
    }

    /// @param code the byte in the file, 0 to 255
    public static Encoding of(int code) {
        return switch (code) { // asked for each chunk: values() would make an array each time
            case 1 -> XOR;
            case 2 -> HISTOGRAM;
            case 3 -> FLOAT_HISTOGRAM;
            case 4 -> XOR2;
            case 5 -> HISTOGRAM_ST;
            case 6 -> FLOAT_HISTOGRAM_ST;
            case 0xFF -> AGGREGATE;
            default -> UNKNOWN;
        };
    }

    /// The byte in the file.
    ///
    /// @throws IllegalStateException for [#UNKNOWN], which stands for many
    public int code() {
        if (this == UNKNOWN) {
            throw new IllegalStateException("an unknown encoding has no one code");
        }
        return code;
    }

    /// Whether this build can read the samples.
    public boolean decoded() {
        return this != UNKNOWN;
    }

    /// Whether it holds samples one after the other, in a way that this build can read; aggregates are several such
    /// runs.
    public boolean holdsSamples() {
        return this != UNKNOWN && this != AGGREGATE;
    }

    /// Whether the samples are single numbers.
    public boolean holdsFloats() {
        return this == XOR || this == XOR2;
    }

    /// Whether a stock Thanos reads the samples.
    public boolean readByThanos() {
        return switch (this) {
            case XOR, HISTOGRAM, FLOAT_HISTOGRAM, AGGREGATE -> true;
            case XOR2, HISTOGRAM_ST, FLOAT_HISTOGRAM_ST, UNKNOWN -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
