package io.edgeship.block.downsample;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Goes through a run of histograms, which can be added up, window by window.
final class HistogramWindows {
    private final int schema;
    private int count;
    private @Nullable FloatHistogram sum;
    private @Nullable FloatHistogram counter;
    private @Nullable FloatHistogram last; // as it was
    private @Nullable FloatHistogram lastReduced;

    /// Is told of each window, in order; the getters speak of it.
    @FunctionalInterface
    interface Sink {
        void window(long endMillis, HistogramWindows window);
    }

    private HistogramWindows(int schema) {
        this.schema = schema;
    }

    /// @param which of the run, in order: at least one; all of them comparable
    static void forEach(HistogramRun run, int[] which, Resolution resolution, Sink sink) {
        int lowest = Arrays.stream(which).map(i -> run.layout(i).schema()).min().orElseThrow();
        HistogramWindows windows = new HistogramWindows(lowest);
        long lastTime = run.time(which[which.length - 1]);
        long end = 0;
        boolean begun = false;
        for (int i : which) {
            if (!begun || run.time(i) > end) {
                if (begun) {
                    sink.window(end, windows);
                }
                windows.begin();
                end = Math.min(resolution.windowEnd(run.time(i)), lastTime);
                begun = true;
            }
            windows.add(run.histogram(i), run.isGauge(i) || run.goesOn(i));
        }
        sink.window(end, windows);
    }

    private void begin() {
        count = 0;
        sum = null;
    }

    /// @param goesOn whether no count can have gone down as if the counter had begun anew
    private void add(FloatHistogram whole, boolean goesOn) {
        FloatHistogram histogram = FloatHistograms.reduce(whole, schema);
        FloatHistogram total = counter;
        if (total == null || last == null || lastReduced == null) {
            counter = histogram;
        } else {
            boolean beganAnew = !goesOn && FloatHistograms.wentDown(last, whole);
            FloatHistogram more = beganAnew ? histogram : FloatHistograms.subtract(histogram, lastReduced);
            counter = FloatHistograms.add(total, more);
        }
        last = whole;
        lastReduced = histogram;
        sum = sum == null ? histogram : FloatHistograms.add(sum, histogram);
        count++;
    }

    int count() {
        return count;
    }

    FloatHistogram sum() {
        return Objects.requireNonNull(sum);
    }

    FloatHistogram counter() {
        return Objects.requireNonNull(counter);
    }
}
