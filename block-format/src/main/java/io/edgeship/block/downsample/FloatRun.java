package io.edgeship.block.downsample;

import java.util.Arrays;

/// Samples in the order of time, without boxes: a series of two weeks has a hundred thousand.
final class FloatRun {
    private static final int FIRST_CAPACITY = 128;

    private long[] times = new long[FIRST_CAPACITY];
    private double[] values = new double[FIRST_CAPACITY];
    private int size;

    void add(long timeMillis, double value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        times[size] = timeMillis;
        values[size++] = value;
    }

    int size() {
        return size;
    }

    long time(int i) {
        return times[i];
    }

    double value(int i) {
        return values[i];
    }

    void clear() {
        size = 0;
    }

    /// The samples from `from` to before `to` that are numbers.
    FloatRun numbers(int from, int to) {
        FloatRun numbers = new FloatRun();
        for (int i = from; i < to; i++) {
            if (!Double.isNaN(values[i])) {
                numbers.add(times[i], values[i]);
            }
        }
        return numbers;
    }
}
