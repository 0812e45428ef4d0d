package io.edgeship.block.testing;

import io.edgeship.block.tsdb.BlockReader.Sample;
import java.util.ArrayList;
import java.util.List;

/// A chunk to be written, and what the index is to say of it.
///
/// @param encoding   the byte in the file
/// @param data       the encoded samples; not to be changed
/// @param minTime    as the index lists it, like `maxTime` in milliseconds and inclusive
/// @param rightCrc   whether the checksum in the file is that of the chunk
public record TestChunk(int encoding, byte[] data, long minTime, long maxTime, boolean rightCrc) {
    private static final int XOR = 1;

    /// Floats in an XOR chunk.
    ///
    /// @param samples at least one
    public static TestChunk of(List<Sample> samples) {
        long minTime = samples.getFirst().timeMillis();
        return new TestChunk(
                XOR, XorEncoder.encode(samples), minTime, samples.getLast().timeMillis(), true);
    }

    /// Floats at regular times, the first of them at `minTime`.
    public static TestChunk of(long minTime, long stepMillis, double... values) {
        List<Sample> samples = new ArrayList<>();
        for (double value : values) {
            samples.add(new Sample(minTime + samples.size() * stepMillis, Double.doubleToRawLongBits(value)));
        }
        return of(samples);
    }

    /// Bytes of any encoding, as they are.
    public static TestChunk ofBytes(int encoding, byte[] data, long minTime, long maxTime) {
        return new TestChunk(encoding, data, minTime, maxTime, true);
    }

    /// The same bytes, of which the index says something else.
    public TestChunk listedAs(long newMinTime, long newMaxTime) {
        return new TestChunk(encoding, data, newMinTime, newMaxTime, rightCrc);
    }

    /// The same bytes with a checksum that is not theirs.
    public TestChunk withWrongCrc() {
        return new TestChunk(encoding, data, minTime, maxTime, false);
    }
}
