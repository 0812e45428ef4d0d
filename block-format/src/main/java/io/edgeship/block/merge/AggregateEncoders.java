package io.edgeship.block.merge;

import io.edgeship.block.downsample.HistogramAggregates;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes chunks of windows that come from several. Stateless.
final class AggregateEncoders {
    private AggregateEncoders() {}

    /// @param windows in the order of their ends; floats and histograms may take turns
    static List<TimedChunk> encode(List<AggregateWindow> windows) {
        List<TimedChunk> chunks = new ArrayList<>();
        List<FloatWindow> floats = new ArrayList<>();
        List<HistogramWindow> histograms = new ArrayList<>();
        for (AggregateWindow window : windows) {
            switch (window) {
                case FloatWindow it -> {
                    flush(floats, histograms, chunks, histograms.isEmpty());
                    floats.add(it);
                }
                case HistogramWindow it -> {
                    flush(floats, histograms, chunks, floats.isEmpty());
                    histograms.add(it);
                }
            }
        }
        flush(floats, histograms, chunks, false);
        return chunks;
    }

    private static void flush(
            List<FloatWindow> floats, List<HistogramWindow> histograms, List<TimedChunk> to, boolean goesOn) {
        if (goesOn) {
            return;
        }
        if (!floats.isEmpty()) {
            to.addAll(new FloatAggregateEncoder().encode(floats));
        }
        to.addAll(histograms(histograms));
        floats.clear();
        histograms.clear();
    }

    /// Counters of histograms stay as their chunks had them, without a first and a last raw one: none of them
    /// has. Where one goes down a chunk ends, and a reader takes the next one for a new beginning.
    private static List<TimedChunk> histograms(List<HistogramWindow> windows) {
        List<TimedChunk> chunks = new ArrayList<>();
        HistogramAggregates open = null;
        HistogramWindow before = null;
        int size = 0;
        for (HistogramWindow window : windows) {
            if (open == null || size == Resolution.WINDOWS_MAX || !goesWith(window, before)) {
                if (open != null) {
                    chunks.addAll(open.finish());
                }
                open = new HistogramAggregates(window.isGauge());
                size = 0;
            }
            open.add(window.endMillis(), window.count(), window.sum(), window.counter());
            before = window;
            size++;
        }
        if (open != null) {
            chunks.addAll(open.finish());
        }
        return chunks;
    }

    private static boolean goesWith(HistogramWindow window, @Nullable HistogramWindow before) {
        return before == null || window.goesWith(before);
    }
}
