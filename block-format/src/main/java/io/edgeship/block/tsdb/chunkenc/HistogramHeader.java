package io.edgeship.block.tsdb.chunkenc;

/// The three bytes before the bits of a histogram chunk. With start timestamps the counter reset moves up, into the
/// count's top bits, and the third byte is the start timestamps' own.
record HistogramHeader(int count, CounterReset reset, int starts) {
    static final int BYTES = 3;
    static final int COUNT_MAX = 0xffff;
    static final int COUNT_MAX_WITH_STARTS = 0x3fff;

    static HistogramHeader read(byte[] data, boolean withStarts) {
        if (data.length < BYTES) {
            return new HistogramHeader(-1, CounterReset.UNKNOWN, 0);
        }
        int first = ChunkIterator.u16(data, BYTES);
        int third = Byte.toUnsignedInt(data[2]);
        return withStarts
                ? new HistogramHeader(
                        first & COUNT_MAX_WITH_STARTS, CounterReset.ofHeader(Byte.toUnsignedInt(data[0])), third)
                : new HistogramHeader(first, CounterReset.ofHeader(third), 0);
    }

    static void requireRoom(int samples, boolean withStarts) {
        if (samples == (withStarts ? COUNT_MAX_WITH_STARTS : COUNT_MAX)) {
            throw new IllegalStateException("the chunk is full");
        }
    }

    void write(byte[] data, boolean withStarts) {
        data[0] = (byte) (count >>> Byte.SIZE | (withStarts ? reset.headerBits() : 0));
        data[1] = (byte) count;
        data[2] = (byte) (withStarts ? starts : reset.headerBits());
    }
}
