package io.edgeship.block.downsample;

/// Adds up a counter as one that never begins anew. Not thread-safe.
final class CounterTotal {
    private boolean begun;
    private long time;
    private double last;
    private double total;

    /// Returns whether the sample goes on in time and was counted. NaNs are not, nor is what goes back in time.
    boolean add(long timeMillis, double value) {
        if (Double.isNaN(value)) {
            return false;
        }
        if (!begun || timeMillis > time) {
            double more = value >= last ? value - last : value;
            total = begun ? total + more : value; // a first negative zero stays one
            begun = true;
            time = timeMillis;
            last = value;
            return true;
        }
        if (timeMillis == time) {
            last = value; // the chunk's true last value
        }
        return false;
    }

    long timeMillis() {
        return time;
    }

    double total() {
        return total;
    }

    double lastValue() {
        return last;
    }
}
