package io.edgeship.block.rewrite;

import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Series in the order of the labels that they get. All indexes are read beforehand; in memory is an entry for each
/// series that stays, of [#entryBytes] bytes, and the symbols of the new labels.
final class RelabelledSeries implements SeriesWalk {
    /// Series of all sources together, dropped ones not counted: with twelve labels they take 132 MiB. A site that has
    /// more is none that this runs at.
    static final int SERIES_MAX = 1 << 20;

    // An entry is an array: numbers of label names and values in turn, then these.
    private static final int SOURCE = 3;
    private static final int REF_HIGH = 2;
    private static final int REF_LOW = 1;
    private static final int TAIL = 3;

    private final List<Source> sources;
    private final List<int[]> entries;
    private final String[] symbols;
    private int next;

    private RelabelledSeries(List<Source> sources, List<int[]> entries, String[] symbols) {
        this.sources = sources;
        this.entries = entries;
        this.symbols = symbols;
    }

    /// Reads the labels of every series.
    ///
    /// @param tally     counts series that are dropped
    /// @param seriesMax [#SERIES_MAX]
    /// @throws IOException if more series stay
    static RelabelledSeries read(List<Source> sources, Relabeling relabeling, Tally tally, int seriesMax)
            throws IOException {
        Collector collector = new Collector(seriesMax);
        for (int source = 0; source < sources.size(); source++) {
            BlockReader.Cursor cursor = sources.get(source).reader().cursor();
            for (BlockReader.Series series = cursor.next(); series != null; series = cursor.next()) {
                Optional<LabelSet> labels = relabeling.apply(series.labels());
                if (labels.isPresent()) {
                    collector.add(labels.get(), source, series.ref());
                } else {
                    tally.add(RewriteCount.DROPPED_SERIES, 1);
                }
            }
        }
        String[] symbols = collector.numberInOrder();
        collector.entries.sort(RelabelledSeries::compare);
        return new RelabelledSeries(sources, collector.entries, symbols);
    }

    /// What a series of so many labels takes: the header of an array, its numbers, and a place in the list.
    static long entryBytes(int labels) {
        return 16 + Integer.BYTES * (2L * labels + TAIL) + 2L * Integer.BYTES;
    }

    /// Collects entries, whose symbols are numbered as they come.
    private static final class Collector {
        private final List<int[]> entries = new ArrayList<>();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final int seriesMax;

        Collector(int seriesMax) {
            this.seriesMax = seriesMax;
        }

        void add(LabelSet labels, int source, long ref) throws IOException {
            if (entries.size() == seriesMax) {
                throw new IOException(
                        "more than %d series to relabel; drop more of them, or write fewer blocks anew at once"
                                .formatted(seriesMax));
            }
            int[] entry = new int[2 * labels.size() + TAIL];
            int[] at = {0};
            labels.forEach((name, value) -> {
                entry[at[0]++] = number(name);
                entry[at[0]++] = number(value);
            });
            entry[entry.length - SOURCE] = source;
            entry[entry.length - REF_HIGH] = (int) (ref >>> Integer.SIZE);
            entry[entry.length - REF_LOW] = (int) ref;
            entries.add(entry);
        }

        private int number(String symbol) {
            return numbers.computeIfAbsent(symbol, _ -> numbers.size());
        }

        /// Numbers the symbols anew so that the numbers are in the order of the texts, and returns these.
        String[] numberInOrder() {
            String[] sorted = numbers.keySet().toArray(String[]::new);
            Arrays.sort(sorted, Utf8Order.COMPARATOR);
            int[] inOrder = new int[sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                inOrder[numbers.getOrDefault(sorted[i], 0)] = i;
            }
            for (int[] entry : entries) {
                for (int i = 0; i < entry.length - TAIL; i++) {
                    entry[i] = inOrder[entry[i]];
                }
            }
            return sorted;
        }
    }

    /// By labels, then as the sources and their indexes have them.
    private static int compare(int[] a, int[] b) {
        int labels = Arrays.compare(a, 0, a.length - TAIL, b, 0, b.length - TAIL);
        if (labels != 0) {
            return labels;
        }
        int source = Integer.compare(a[a.length - SOURCE], b[b.length - SOURCE]);
        return source != 0 ? source : Long.compare(ref(a), ref(b));
    }

    private static long ref(int[] entry) {
        return (long) entry[entry.length - REF_HIGH] << Integer.SIZE
                | Integer.toUnsignedLong(entry[entry.length - REF_LOW]);
    }

    private static boolean haveSameLabels(int[] a, int[] b) {
        return Arrays.equals(a, 0, a.length - TAIL, b, 0, b.length - TAIL);
    }

    @Override
    public List<String> symbols() {
        return Arrays.asList(symbols);
    }

    @Override
    public @Nullable Group next() throws IOException {
        if (next == entries.size()) {
            return null;
        }
        int[] first = entries.get(next);
        List<Part> parts = new ArrayList<>();
        for (; next < entries.size() && haveSameLabels(first, entries.get(next)); next++) {
            parts.add(part(entries.get(next)));
        }
        return new Group(labels(first), parts);
    }

    private Part part(int[] entry) throws IOException {
        Source source = sources.get(entry[entry.length - SOURCE]);
        return new Part(source, source.reader().series(ref(entry)));
    }

    private LabelSet labels(int[] entry) {
        String[] texts = new String[entry.length - TAIL];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols[entry[i]];
        }
        return LabelSet.ofSorted(texts);
    }
}
