package io.edgeship.block.tsdb;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.PostingsTable;
import io.edgeship.block.tsdb.index.SeriesRefs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the series that matchers select, by the lists of postings. Memory is two sets of series
/// ([SeriesRefs]) whatever the matchers and the lists are.
final class SeriesQuery {
    private final IndexReader index;

    SeriesQuery(IndexReader index) {
        this.index = index;
    }

    /// A matcher that the empty value meets selects series without the label too, of which there is no list: it takes
    /// the series of the other values away. The others add up the lists of their values.
    SeriesRefs select(List<Matcher> matchers) throws IOException {
        SeriesRefs selected = null;
        for (Matcher matcher : matchers) {
            if (!matcher.matches("")) {
                SeriesRefs having = having(matcher, true);
                if (selected == null) {
                    selected = having;
                } else {
                    selected.retain(having);
                }
            }
        }
        SeriesRefs found = selected == null ? all() : selected;
        for (Matcher matcher : matchers) {
            if (matcher.matches("") && !found.isEmpty()) {
                found.remove(having(matcher, false));
            }
        }
        return found;
    }

    private SeriesRefs all() throws IOException {
        Lists lists = new Lists();
        lists.add(index.postingsTable().find("", ""));
        return lists.refs;
    }

    /// The series that have the label with a value that meets the condition, or with one that does not.
    private SeriesRefs having(Matcher matcher, boolean meeting) throws IOException {
        boolean holding = meeting != matcher.isNegative();
        Lists lists = new Lists();
        PostingsTable table = index.postingsTable();
        Optional<Set<String>> literals = holding ? matcher.literals() : Optional.empty();
        if (literals.isPresent()) {
            for (String value : literals.get()) {
                lists.add(table.find(matcher.name(), value));
            }
        } else {
            table.forEachValue(matcher.name(), holding ? matcher.prefix() : "", (value, offset) -> {
                if (matcher.holdsFor(value) == holding) {
                    lists.add(offset);
                }
            });
        }
        return lists.refs;
    }

    /// The lists of values of one label name, put together. A series has a name once: what adds up to more series than
    /// there can be is no index, and reading it could take for ever.
    private final class Lists {
        private final SeriesRefs refs = index.noSeries();
        private long read;

        Lists() throws CorruptFormatException {}

        /// @param offset of a list, -1 for none
        void add(long offset) throws IOException {
            if (offset >= 0) {
                index.postings(offset, ref -> add(offset, ref));
            }
        }

        private void add(long offset, long ref) throws CorruptFormatException {
            if (!refs.add(ref)) {
                throw corrupt(offset, "postings name series %d, where none can be".formatted(ref));
            }
            if (++read > refs.capacity()) {
                throw corrupt(offset, "lists of postings of one label name have more series than there can be");
            }
        }

        private CorruptFormatException corrupt(long offset, String problem) {
            return new CorruptFormatException(index.name(), offset, problem);
        }
    }
}
