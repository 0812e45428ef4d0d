package io.edgeship.block.pack;

import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which buckets the histograms of a chunk have: mostly those of the chunk before. Not thread-safe.
final class LayoutColumn {
    private static final int SCHEMA_BOUND = 1 << 7;
    private static final int SPANS_MAX = 1 << 12;

    private final ContextCoder coder;
    private HistogramLayout last = HistogramLayout.NONE;

    LayoutColumn(ContextCoder coder) {
        this.coder = coder;
    }

    static boolean fits(HistogramLayout layout) {
        return layout.positiveSpans().size() <= SPANS_MAX
                && layout.negativeSpans().size() <= SPANS_MAX
                && layout.customBounds().size() <= SPANS_MAX;
    }

    /// @param given ignored by a decoder
    HistogramLayout code(HistogramLayout given) throws IOException {
        if (coder.choice(Field.LAYOUT_SAME, 0, 0, given.equals(last) ? 1 : 0, 2) == 0) {
            int schema =
                    coder.bounded(Field.LAYOUT_SCHEMA, 0, last.schema(), given.schema(), -SCHEMA_BOUND, SCHEMA_BOUND);
            double threshold = codeDouble(last.zeroThreshold(), given.zeroThreshold());
            List<Span> positive = codeSpans(given.positiveSpans());
            List<Span> negative = codeSpans(given.negativeSpans());
            last = new HistogramLayout(schema, threshold, positive, negative, codeBounds(given.customBounds()));
        }
        return last;
    }

    private double codeDouble(double guess, double given) throws IOException {
        boolean isSame = Double.doubleToRawLongBits(guess) == Double.doubleToRawLongBits(given);
        return coder.choice(Field.LAYOUT_DOUBLE, 0, 0, isSame ? 1 : 0, 2) == 1
                ? guess
                : Double.longBitsToDouble(coder.raw(Double.doubleToRawLongBits(given)));
    }

    private List<Span> codeSpans(List<Span> given) throws IOException {
        int count = coder.bounded(Field.LAYOUT_SPANS, 0, 0, given.size(), 0, SPANS_MAX);
        List<Span> spans = new ArrayList<>();
        int left = ChunkSamples.NUMBERS_MAX;
        for (int i = 0; i < count; i++) {
            Span span = coder.decoding() ? new Span(0, 0) : given.get(i);
            int offset = coder.bounded(
                    Field.LAYOUT_OFFSET, Math.min(i, 1), 0, span.offset(), Integer.MIN_VALUE, Integer.MAX_VALUE);
            int length = coder.bounded(Field.LAYOUT_LENGTH, Math.min(i, 1), 0, span.length(), 0, left);
            left -= length;
            spans.add(new Span(offset, length));
        }
        return spans;
    }

    private List<Double> codeBounds(List<Double> given) throws IOException {
        int count = coder.bounded(Field.LAYOUT_BOUNDS, 0, 0, given.size(), 0, SPANS_MAX);
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double guess = i < last.customBounds().size() ? last.customBounds().get(i) : 0;
            bounds.add(codeDouble(guess, coder.decoding() ? 0 : given.get(i)));
        }
        return bounds;
    }
}
