package io.edgeship.block.synthetic;

import io.edgeship.block.LabelSet;
import io.edgeship.block.head.SeriesAppender;

/// One series of a made-up site. It goes on from window to window; windows come in order.
abstract class SyntheticSeries {
    private final LabelSet labels;
    private long random;

    /// @param seed of its own randomness
    SyntheticSeries(LabelSet labels, long seed) {
        this.labels = labels;
        this.random = mix(seed);
    }

    final LabelSet labels() {
        return labels;
    }

    /// Appends a sample.
    ///
    /// @param step counted from the first one
    abstract void sample(long step, long timeMillis, SeriesAppender to);

    /// A number of 64 random bits: xorshift64 (Marsaglia 2003), then a multiplication.
    final long next() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545F4914F6CDD1DL;
    }

    /// From 0 to before `bound`.
    final int below(int bound) {
        return (int) (((next() >>> 33) * bound) >>> 31);
    }

    /// The finaliser of SplitMix64; never 0.
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) | 1;
    }

    static void append(SeriesAppender to, long timeMillis, double value) {
        to.append(0, timeMillis, Double.doubleToRawLongBits(value));
    }
}
