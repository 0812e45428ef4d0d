package io.edgeship.block.tsdb.index;

import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.FormatWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every label name and value of an index that is to be written, numbered in the order of their UTF-8 bytes: numbers
/// compare as the texts do. Several indexes may be written of one table, by several
/// threads where labels come as numbers. Not thread-safe where they come as text.
public final class SymbolTable {
    private final String[] sorted;
    private @Nullable Map<String, Integer> numbers; // once labels come as text

    private SymbolTable(String[] sorted) {
        this.sorted = sorted;
    }

    /// @throws IllegalArgumentException if they are out of order, or one is there twice
    public static SymbolTable of(Collection<String> sorted) {
        SymbolTable table = new SymbolTable(sorted.toArray(String[]::new));
        for (int i = 1; i < table.sorted.length; i++) {
            if (Utf8Order.compare(table.sorted[i - 1], table.sorted[i]) >= 0) {
                throw new IllegalArgumentException(
                        "symbol '" + table.sorted[i] + "' comes after '" + table.sorted[i - 1] + "'");
            }
        }
        return table;
    }

    /// @param symbols each once, in any order
    public static SymbolTable ofUnsorted(Collection<String> symbols) {
        String[] sorted = symbols.toArray(String[]::new);
        Arrays.sort(sorted, Utf8Order.COMPARATOR);
        return new SymbolTable(sorted);
    }

    public int size() {
        return sorted.length;
    }

    public String get(int number) {
        return sorted[number];
    }

    /// The numbers of names and values in turn.
    ///
    /// @throws IllegalArgumentException if one of them is not in the table
    public int[] numbersOf(LabelSet labels) {
        int[] refs = new int[2 * labels.size()];
        int[] at = {0};
        labels.forEach((name, value) -> {
            refs[at[0]++] = numberOf(name);
            refs[at[0]++] = numberOf(value);
        });
        return refs;
    }

    /// The labels of names and values in turn.
    public LabelSet labels(int[] numbers) {
        String[] texts = new String[numbers.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = sorted[numbers[i]];
        }
        return LabelSet.ofSorted(texts);
    }

    /// @throws IllegalArgumentException if it is not in the table
    public int numberOf(String symbol) {
        Integer number = numbers().get(symbol);
        if (number == null) {
            throw new IllegalArgumentException("symbol '" + symbol + "' was not given");
        }
        return number;
    }

    private Map<String, Integer> numbers() {
        Map<String, Integer> known = numbers;
        if (known == null) {
            known = HashMap.newHashMap(sorted.length);
            for (int i = 0; i < sorted.length; i++) {
                known.put(sorted[i], i);
            }
            numbers = known;
        }
        return known;
    }

    /// What the section takes behind its length and before its checksum.
    long sectionBytes() {
        long bytes = Integer.BYTES;
        for (String symbol : sorted) {
            bytes += FormatWriter.textBytes(symbol);
        }
        return bytes;
    }
}
