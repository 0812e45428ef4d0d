package io.edgeship.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What names a series: label names and values, sorted by name in [Utf8Order]. Immutable.
public final class LabelSet implements Comparable<LabelSet> {
    /// The label that holds a metric's name.
    public static final String METRIC_NAME = "__name__";

    private static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private final String[] namesAndValues;

    private LabelSet(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    public static LabelSet of(Map<String, String> labels) {
        List<String> names = new ArrayList<>(labels.keySet());
        names.sort(Utf8Order.COMPARATOR);
        List<String> pairs = new ArrayList<>();
        for (String name : names) {
            pairs.add(name);
            pairs.add(String.valueOf(labels.get(name)));
        }
        return new LabelSet(pairs.toArray(String[]::new));
    }

    /// @param namesAndValues in turn, the names in order already, as an index has them
    public static LabelSet ofSorted(String... namesAndValues) {
        return new LabelSet(namesAndValues.clone());
    }

    public Optional<String> get(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equals(name)) {
                return Optional.of(namesAndValues[i + 1]);
            }
        }
        return Optional.empty();
    }

    public int size() {
        return namesAndValues.length / 2;
    }

    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            consumer.accept(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    public Map<String, String> toMap() {
        Map<String, String> labels = new LinkedHashMap<>();
        forEach(labels::put);
        return labels;
    }

    @Override
    public int compareTo(LabelSet other) {
        int length = Math.min(namesAndValues.length, other.namesAndValues.length);
        for (int i = 0; i < length; i++) {
            int order = Utf8Order.compare(namesAndValues[i], other.namesAndValues[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(namesAndValues.length, other.namesAndValues.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSet set && Arrays.equals(namesAndValues, set.namesAndValues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(namesAndValues);
    }

    /// `{a="b", c="d"}`, names that are not plain in quotes too: as `promtool tsdb dump` prints it.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach((name, value) -> {
            text.append(text.length() > 1 ? ", " : "");
            if (PLAIN_NAME.matcher(name).matches()) {
                text.append(name);
            } else {
                quote(text, name);
            }
            text.append('=');
            quote(text, value);
        });
        return text.append('}').toString();
    }

    /// Appends `text` in double quotes with `\`, `"` and line feeds escaped.
    public static void quote(StringBuilder out, String text) {
        out.append('"')
                .append(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append('"');
    }
}
