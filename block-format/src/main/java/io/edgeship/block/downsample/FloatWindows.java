package io.edgeship.block.downsample;

/// Goes through a run of floats window by window.
final class FloatWindows {
    /// What one window has. The counter goes on from window to window.
    private int count;

    private double sum;
    private double min;
    private double max;
    private double counter;

    /// Is told of each window, in order; the getters speak of it.
    @FunctionalInterface
    interface Sink {
        void window(long endMillis, FloatWindows window);
    }

    /// Returns the end of the last window.
    ///
    /// @param run at least one sample
    static long forEach(FloatRun run, Resolution resolution, Sink sink) {
        FloatWindows windows = new FloatWindows();
        long lastTime = run.time(run.size() - 1);
        long end = 0;
        double last = 0;
        for (int i = 0; i < run.size(); i++) {
            long time = run.time(i);
            double value = run.value(i);
            if (i == 0 || time > end) {
                if (i > 0) {
                    sink.window(end, windows);
                }
                windows.begin();
                end = Math.min(resolution.windowEnd(time), lastTime);
            }
            double more = value < last ? value : value - last;
            windows.counter = i == 0 ? value : windows.counter + more; // a first negative zero stays one
            last = value;
            windows.add(value);
        }
        sink.window(end, windows);
        return end;
    }

    private void begin() {
        count = 0;
        sum = 0;
        min = Double.MAX_VALUE; // as Thanos has it: where all is infinite this stays
        max = -Double.MAX_VALUE;
    }

    private void add(double value) {
        count++;
        sum += value;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }

    int count() {
        return count;
    }

    double sum() {
        return sum;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    double counter() {
        return counter;
    }
}
