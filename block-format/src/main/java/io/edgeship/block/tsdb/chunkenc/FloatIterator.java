package io.edgeship.block.tsdb.chunkenc;

/// Walks samples that are single numbers.
public abstract sealed class FloatIterator extends ChunkIterator permits XorIterator, Xor2Iterator {
    FloatIterator(BitReader in, int count) {
        super(in, count);
    }

    /// The 64 bits of a double; the payload of a NaN matters.
    public abstract long valueBits();

    public final double value() {
        return Double.longBitsToDouble(valueBits());
    }
}
