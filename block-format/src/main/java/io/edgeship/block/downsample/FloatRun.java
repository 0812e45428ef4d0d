package io.edgeship.block.downsample;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.XorSamples;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Arrays;

/// Samples in the order of time, without boxes: a series of two weeks has a hundred thousand.
final class FloatRun {
    private static final int FIRST_CAPACITY = 128;

    private long[] times;
    private double[] values;
    private final int begin; // of this run in the arrays, which views share
    private int size;

    FloatRun() {
        this(new long[FIRST_CAPACITY], new double[FIRST_CAPACITY], 0, 0);
    }

    private FloatRun(long[] times, double[] values, int begin, int size) {
        this.times = times;
        this.values = values;
        this.begin = begin;
        this.size = size;
    }

    /// Samples that lie in arrays of somebody else, from `from` to before `to`.
    static FloatRun view(long[] times, double[] values, int from, int to) {
        return new FloatRun(times, values, from, to - from);
    }

    /// Not of a view.
    void add(long timeMillis, double value) {
        if (size == times.length) {
            grow(2 * size);
        }
        times[size] = timeMillis;
        values[size++] = value;
    }

    /// Adds the samples of a chunk that are no stale markers and do not go back in time. Not to a view.
    void addAll(Chunk chunk) throws CorruptChunkException {
        if (chunk.encoding() == Encoding.XOR) {
            int most = size + XorSamples.countMax(chunk.data());
            if (most > times.length) {
                grow(Math.max(most, 2 * size));
            }
            int added = XorSamples.decode(chunk.data(), times, values, size);
            if (added >= 0) {
                size += added;
                return;
            }
        }
        addAll(chunk.floats());
    }

    private void addAll(FloatIterator samples) throws CorruptChunkException {
        long last = Long.MIN_VALUE;
        while (samples.next()) {
            boolean isStale = samples.valueBits() == StaleMarker.BITS;
            if (!isStale && samples.timeMillis() >= last) {
                last = samples.timeMillis();
                add(last, samples.value());
            }
        }
    }

    /// Makes room for so many samples, so that it need not be made little by little.
    void reserve(int samples) {
        if (samples > times.length) {
            grow(samples);
        }
    }

    private void grow(int capacity) {
        times = Arrays.copyOf(times, capacity);
        values = Arrays.copyOf(values, capacity);
    }

    int size() {
        return size;
    }

    long time(int i) {
        return times[begin + i];
    }

    double value(int i) {
        return values[begin + i];
    }

    void clear() {
        size = 0;
    }

    /// The samples from `from` to before `to` that are numbers; good until this run changes.
    FloatRun numbers(int from, int to) {
        for (int i = from; i < to; i++) {
            if (Double.isNaN(values[begin + i])) {
                return copyOfNumbers(from, to);
            }
        }
        return new FloatRun(times, values, begin + from, to - from);
    }

    private FloatRun copyOfNumbers(int from, int to) {
        FloatRun numbers = new FloatRun();
        for (int i = from; i < to; i++) {
            if (!Double.isNaN(value(i))) {
                numbers.add(time(i), value(i));
            }
        }
        return numbers;
    }
}
