package io.edgeship.block.rewrite;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Rounds float values to a number of significant decimal digits. Histograms stay as they are: their counts must add
/// up. Not thread-safe.
final class ValueRounder {
    private final MathContext digits;
    private final double shortIntegersEnd; // whole numbers below have no more digits
    private long rounded;
    private long histograms;

    ValueRounder(int significantDigits) {
        digits = new MathContext(significantDigits, RoundingMode.HALF_EVEN);
        shortIntegersEnd = Math.pow(10, significantDigits);
    }

    /// How many values are others now.
    long rounded() {
        return rounded;
    }

    /// How many samples were left as they are because they are histograms.
    long histograms() {
        return histograms;
    }

    /// A chunk in which no value changes is handed on untouched.
    ///
    /// @param timed of an encoding that a stock Thanos reads; an unknown one is handed on
    TimedChunk round(TimedChunk timed) throws CorruptChunkException {
        Chunk chunk = timed.chunk();
        if (chunk.encoding() != Encoding.XOR) {
            histograms += chunk.holdsSamples() ? chunk.sampleCount() : 0;
            return timed;
        }
        XorAppender to = new XorAppender();
        long before = rounded;
        FloatIterator from = chunk.floats();
        while (from.next()) {
            long bits = roundBits(from.valueBits());
            rounded += bits == from.valueBits() ? 0 : 1;
            to.append(0, from.timeMillis(), bits);
        }
        return before == rounded
                ? timed
                : new TimedChunk(
                        timed.minTime(),
                        timed.maxTime(),
                        new Chunk(chunk.encodingCode(), to.toBytes(BitDialect.SINCE_3_0)));
    }

    /// The bits of the double that is nearest to the rounded shortest decimal number that stands for `bits`. What is no
    /// finite number, or would be none when rounded up, stays.
    long roundBits(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (!Double.isFinite(value) || (value == Math.rint(value) && Math.abs(value) < shortIntegersEnd)) {
            return bits;
        }
        double near = BigDecimal.valueOf(value).round(digits).doubleValue();
        return Double.isFinite(near) ? Double.doubleToRawLongBits(near) : bits;
    }
}
