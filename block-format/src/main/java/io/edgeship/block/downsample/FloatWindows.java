package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import java.util.Arrays;

/// Windows of floats, one column an aggregate: chunks are encoded from them, and coarser windows are made of them
/// without decoding those chunks again. Not thread-safe.
final class FloatWindows {
    private static final int FIRST_CAPACITY = 32;

    private long[] ends = new long[FIRST_CAPACITY];
    private double[] counts = new double[FIRST_CAPACITY];
    private double[] sums = new double[FIRST_CAPACITY];
    private double[] mins = new double[FIRST_CAPACITY];
    private double[] maxes = new double[FIRST_CAPACITY];
    private double[] counters = new double[FIRST_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    long end(int window) {
        return ends[window];
    }

    /// Adds the windows of a run; its counter begins with its first value.
    ///
    /// @param run at least one sample
    void addAll(FloatRun run, Resolution resolution) {
        long lastTime = run.time(run.size() - 1);
        long end = Math.min(resolution.windowEnd(run.time(0)), lastTime);
        double last = run.value(0);
        double counter = last; // a first negative zero stays one
        int count = 0;
        double sum = 0;
        double min = Double.MAX_VALUE; // as Thanos has it: where all is infinite this stays
        double max = -Double.MAX_VALUE;
        for (int i = 0; i < run.size(); i++) {
            double value = run.value(i);
            if (run.time(i) > end) {
                add(end, count, sum, min, max, counter);
                end = Math.min(resolution.windowEnd(run.time(i)), lastTime);
                count = 0;
                sum = 0;
                min = Double.MAX_VALUE;
                max = -Double.MAX_VALUE;
            }
            if (i > 0) {
                counter += value < last ? value : value - last;
            }
            last = value;
            count++;
            sum += value;
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        add(end, count, sum, min, max, counter);
    }

    /// Adds what some windows of `finer` are in coarser ones, but for the counter, which is 0.
    void addAll(FloatWindows finer, int from, int to, Resolution resolution) {
        long lastTime = finer.ends[to - 1];
        long end = Math.min(resolution.windowEnd(finer.ends[from]), lastTime);
        double count = 0;
        double sum = 0;
        double min = Double.MAX_VALUE;
        double max = -Double.MAX_VALUE;
        for (int i = from; i < to; i++) {
            if (finer.ends[i] > end) {
                add(end, count, sum, min, max, 0);
                end = Math.min(resolution.windowEnd(finer.ends[i]), lastTime);
                count = 0;
                sum = 0;
                min = Double.MAX_VALUE;
                max = -Double.MAX_VALUE;
            }
            double least = finer.mins[i];
            double most = finer.maxes[i];
            count += finer.counts[i];
            sum += finer.sums[i];
            min = least < min ? least : min;
            max = most > max ? most : max;
        }
        add(end, count, sum, min, max, 0);
    }

    private void add(long end, double count, double sum, double min, double max, double counter) {
        if (size == ends.length) {
            grow();
        }
        ends[size] = end;
        counts[size] = count;
        sums[size] = sum;
        mins[size] = min;
        maxes[size] = max;
        counters[size] = counter;
        size++;
    }

    private void grow() {
        ends = Arrays.copyOf(ends, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
        sums = Arrays.copyOf(sums, 2 * size);
        mins = Arrays.copyOf(mins, 2 * size);
        maxes = Arrays.copyOf(maxes, 2 * size);
        counters = Arrays.copyOf(counters, 2 * size);
    }

    private double[] column(Aggregate aggregate) {
        return switch (aggregate) {
            case COUNT -> counts;
            case SUM -> sums;
            case MIN -> mins;
            case MAX -> maxes;
            case COUNTER -> counters;
        };
    }

    /// The windows from `from` to before `to` as samples; good until windows are added.
    FloatRun column(Aggregate aggregate, int from, int to) {
        return FloatRun.view(ends, column(aggregate), from, to);
    }

    void appendTo(FloatAppender chunk, Aggregate aggregate, int from, int to) {
        chunk.appendAll(ends, column(aggregate), from, to);
    }
}
