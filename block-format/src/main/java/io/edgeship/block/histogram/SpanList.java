package io.edgeship.block.histogram;

import java.util.ArrayList;
import java.util.List;

/// Spans by where each begins, growing bucket by bucket. Spans that come to touch each other stay two: so does
/// Prometheus, and a chunk's bytes show it.
final class SpanList {
    private final List<int[]> spans = new ArrayList<>(); // begin, length

    SpanList(List<Span> from) {
        int begin = 0;
        for (Span span : from) {
            begin += span.offset();
            spans.add(new int[] {begin, span.length()});
            begin += span.length();
        }
    }

    /// Adds a bucket unless it is there: to the span before it, else to the one after it, else as one of its own.
    void add(int index) {
        int after = 0;
        while (after < spans.size() && spans.get(after)[0] <= index) {
            after++;
        }
        int[] before = after == 0 ? null : spans.get(after - 1);
        if (before != null && index < before[0] + before[1]) {
            return;
        }
        if (before != null && index == before[0] + before[1]) {
            before[1]++;
        } else if (after < spans.size() && index == spans.get(after)[0] - 1) {
            spans.get(after)[0]--;
            spans.get(after)[1]++;
        } else {
            spans.add(after, new int[] {index, 1});
        }
    }

    List<Span> toSpans() {
        List<Span> list = new ArrayList<>(spans.size());
        int end = 0;
        for (int[] span : spans) {
            list.add(new Span(span[0] - end, span[1]));
            end = span[0] + span[1];
        }
        return list;
    }
}
