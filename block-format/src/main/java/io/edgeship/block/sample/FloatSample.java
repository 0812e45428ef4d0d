package io.edgeship.block.sample;

/// A single number.
///
/// @param valueBits of a double; the payload of a NaN matters
public record FloatSample(long startMillis, long timeMillis, long valueBits) implements Sample {
    public double value() {
        return Double.longBitsToDouble(valueBits);
    }

    @Override
    public boolean isSameValue(Sample other) {
        return other instanceof FloatSample it && it.valueBits == valueBits;
    }
}
