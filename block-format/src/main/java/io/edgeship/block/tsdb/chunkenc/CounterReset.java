package io.edgeship.block.tsdb.chunkenc;

/// What a histogram chunk knows of the time just before it.
public enum CounterReset {
    /// Somebody has to compare.
    UNKNOWN(0b00),
    /// The counts went on.
    NOT_RESET(0b01),
    /// The counts began anew with this chunk.
    RESET(0b10),
    /// The counts go up and down.
    GAUGE(0b11);

    private static final int SHIFT = 6;

    private final int code;

    CounterReset(int code) {
        this.code = code;
    }

    /// The top two bits of a header's byte.
    static CounterReset ofHeader(int headerByte) {
        return switch (headerByte >>> SHIFT) {
            case 0b00 -> UNKNOWN;
            case 0b01 -> NOT_RESET;
            case 0b10 -> RESET;
            default -> GAUGE;
        };
    }

    int headerBits() {
        return code << SHIFT;
    }

    /// A copy of a histogram chunk's data that says this of the time just before it.
    ///
    /// @param withStarts whether the chunk has start timestamps: then the bits stand elsewhere
    public byte[] writtenTo(byte[] data, boolean withStarts) {
        byte[] copy = data.clone();
        if (copy.length >= HistogramHeader.BYTES) {
            int at = withStarts ? 0 : 2;
            copy[at] = (byte) (headerBits() | (copy[at] & ((1 << SHIFT) - 1)));
        }
        return copy;
    }
}
