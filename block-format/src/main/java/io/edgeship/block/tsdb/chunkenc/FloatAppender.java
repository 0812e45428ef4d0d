package io.edgeship.block.tsdb.chunkenc;

/// Encodes samples that are single numbers, as Prometheus' own appender does to the bit. Not thread-safe.
public abstract sealed class FloatAppender permits XorAppender, Xor2Appender {
    /// As many as the header can count.
    public static final int SAMPLES_MAX = 0xffff;

    final BitWriter out = new BitWriter();
    private int count;

    /// @param startMillis when the thing that is counted began; 0 for unknown, and ignored by encodings without it
    /// @param valueBits   the 64 bits of a double
    /// @throws IllegalStateException after [#SAMPLES_MAX] samples
    public final void append(long startMillis, long timeMillis, long valueBits) {
        if (count == SAMPLES_MAX) {
            throw new IllegalStateException("the chunk is full");
        }
        encode(count, startMillis, timeMillis, valueBits);
        count++;
    }

    /// Appends the samples from `from` to before `to`, as numbers whose start nobody knows: in one loop, which
    /// costs less than as many calls from elsewhere.
    ///
    /// @throws IllegalStateException after [#SAMPLES_MAX] samples
    public final void appendAll(long[] times, double[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            append(0, times[i], Double.doubleToRawLongBits(values[i]));
        }
    }

    abstract void encode(int index, long startMillis, long timeMillis, long valueBits);

    public final int count() {
        return count;
    }

    /// Bytes of the chunk so far.
    public final int sizeBytes() {
        return out.sizeBytes();
    }

    /// The chunk's data. More may be appended afterwards.
    public byte[] toBytes(BitDialect dialect) {
        byte[] data = out.toBytes(dialect);
        data[0] = (byte) (count >>> Byte.SIZE);
        data[1] = (byte) count;
        return data;
    }
}
