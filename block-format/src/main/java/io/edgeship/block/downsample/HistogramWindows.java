package io.edgeship.block.downsample;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import java.util.List;
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

    /// One histogram of a run.
    ///
    /// @param goesOn whether its chunk says that no count went down since the one before it
    record Point(long timeMillis, boolean isGauge, boolean goesOn, FloatHistogram histogram) {}

    /// Is told of each window, in order; the getters speak of it.
    @FunctionalInterface
    interface Sink {
        void window(long endMillis, HistogramWindows window);
    }

    private HistogramWindows(int schema) {
        this.schema = schema;
    }

    /// @param run at least one; all of them comparable
    static void forEach(List<Point> run, Resolution resolution, Sink sink) {
        int lowest = run.stream()
                .mapToInt(point -> point.histogram().layout().schema())
                .min()
                .orElseThrow();
        HistogramWindows windows = new HistogramWindows(lowest);
        long lastTime = run.getLast().timeMillis();
        long end = 0;
        boolean begun = false;
        for (Point point : run) {
            if (!begun || point.timeMillis() > end) {
                if (begun) {
                    sink.window(end, windows);
                }
                windows.begin();
                end = Math.min(resolution.windowEnd(point.timeMillis()), lastTime);
                begun = true;
            }
            windows.add(point);
        }
        sink.window(end, windows);
    }

    private void begin() {
        count = 0;
        sum = null;
    }

    private void add(Point point) {
        FloatHistogram histogram = FloatHistograms.reduce(point.histogram(), schema);
        FloatHistogram total = counter;
        if (total == null || last == null || lastReduced == null) {
            counter = histogram;
        } else {
            boolean beganAnew =
                    !point.isGauge() && !point.goesOn() && FloatHistograms.wentDown(last, point.histogram());
            FloatHistogram more = beganAnew ? histogram : FloatHistograms.subtract(histogram, lastReduced);
            counter = FloatHistograms.add(total, more);
        }
        last = point.histogram();
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
