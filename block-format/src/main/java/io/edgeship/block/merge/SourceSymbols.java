package io.edgeship.block.merge;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.SeriesEntry;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.tsdb.index.Symbols;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the symbols of one source are in the table of all of them: four bytes a symbol, so that series of hundreds of
/// blocks compare as numbers. Not thread-safe.
final class SourceSymbols {
    private final IndexReader index;
    private final SymbolTable merged;
    private final int[] numbers; // by reference; empty where references are offsets

    private SourceSymbols(IndexReader index, SymbolTable merged, int[] numbers) {
        this.index = index;
        this.merged = merged;
        this.numbers = numbers;
    }

    /// Reads the symbols of all sources.
    ///
    /// @return the table of all, then those of each source in order
    static Merged read(List<MergeSource> sources) throws MergeSourceException {
        Map<String, String> known = new HashMap<>();
        List<List<String>> bySource = new ArrayList<>();
        for (MergeSource source : sources) {
            List<String> texts = new ArrayList<>();
            try {
                source.reader().index().symbols().forEach(symbol -> {
                    String one = known.putIfAbsent(symbol, symbol);
                    texts.add(one == null ? symbol : one);
                });
            } catch (IOException e) {
                throw new MergeSourceException(source.id(), e);
            }
            bySource.add(texts);
        }
        SymbolTable merged = SymbolTable.ofUnsorted(known.keySet());
        List<SourceSymbols> each = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            IndexReader index = sources.get(i).reader().index();
            int[] numbers = index.symbols().isNumbered()
                    ? bySource.get(i).stream().mapToInt(merged::numberOf).toArray()
                    : new int[0];
            each.add(new SourceSymbols(index, merged, numbers));
            bySource.set(i, List.of()); // no longer wanted
        }
        return new Merged(merged, each);
    }

    record Merged(SymbolTable table, List<SourceSymbols> bySource) {}

    /// The labels of a series as numbers of the merged table.
    int[] numbers(SeriesEntry entry) throws IOException {
        long[] refs = entry.symbols();
        int[] labels = new int[refs.length];
        Symbols symbols = index.symbols();
        for (int i = 0; i < refs.length; i++) {
            labels[i] = numbers.length > 0 ? at(entry, refs[i]) : merged.numberOf(symbols.get(refs[i]));
        }
        return labels;
    }

    private int at(SeriesEntry entry, long ref) throws CorruptFormatException {
        if (ref >= numbers.length) {
            throw new CorruptFormatException(index.name(), entry.offset(), "symbol reference " + ref);
        }
        return numbers[(int) ref];
    }
}
