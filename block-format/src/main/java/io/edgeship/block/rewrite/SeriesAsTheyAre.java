package io.edgeship.block.rewrite;

import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Series that keep their labels, and so the order that they have in each source. In memory is one of each source.
final class SeriesAsTheyAre implements SeriesWalk {
    private final List<Head> heads = new ArrayList<>();

    SeriesAsTheyAre(List<Source> sources) throws IOException {
        for (Source source : sources) {
            heads.add(new Head(source));
        }
    }

    /// A source and the series that it is at.
    private static final class Head {
        private final Source source;
        private final BlockReader.Cursor cursor;
        private BlockReader.@Nullable Series series;

        Head(Source source) throws IOException {
            this.source = source;
            cursor = source.reader().cursor();
            series = cursor.next();
        }

        void advance(LabelSet past) throws IOException {
            series = cursor.next();
            if (series != null && series.labels().compareTo(past) <= 0) {
                throw new CorruptFormatException(
                        source.dir().resolve("index").toString(),
                        0,
                        "%s comes after %s".formatted(series.labels(), past));
            }
        }
    }

    @Override
    public Set<String> symbols() throws IOException {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        for (Head head : heads) {
            head.source.reader().index().symbols().forEach(symbols::add);
        }
        return symbols;
    }

    @Override
    public @Nullable Group next() throws IOException {
        LabelSet first = first();
        if (first == null) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        for (Head head : heads) {
            BlockReader.Series series = head.series;
            if (series != null && series.labels().equals(first)) {
                parts.add(new Part(head.source, series));
                head.advance(first);
            }
        }
        return new Group(first, parts);
    }

    private @Nullable LabelSet first() {
        LabelSet first = null;
        for (Head head : heads) {
            if (head.series != null && (first == null || head.series.labels().compareTo(first) < 0)) {
                first = head.series.labels();
            }
        }
        return first;
    }
}
