package io.edgeship.block.relabel;

import io.edgeship.block.LabelSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// The labels of one series while rules change them. Not thread-safe.
final class EditedLabels {
    private final LabelSet original;
    private final Map<String, String> set = new LinkedHashMap<>(4); // wins over the original
    private final Set<String> removed = new HashSet<>(4); // of the original

    EditedLabels(LabelSet original) {
        this.original = original;
        original.forEach((name, value) -> {
            if (value.isEmpty()) { // no label at all, for Prometheus
                removed.add(name);
            }
        });
    }

    /// The value of the label, empty if there is none.
    String get(String name) {
        String value = set.get(name);
        if (value != null) {
            return value;
        }
        return removed.contains(name) ? "" : original.get(name).orElse("");
    }

    /// Sets the label, or removes it if `value` is empty.
    void set(String name, String value) {
        if (value.isEmpty()) {
            remove(name);
        } else {
            set.put(name, value);
        }
    }

    void remove(String name) {
        set.remove(name);
        removed.add(name);
    }

    /// Calls `consumer`, which may change the labels, with the labels as they are now: first those that no rule
    /// has set, by name, then those that rules have set, in the order of the rules. Where two become one, the
    /// later wins.
    void forEach(BiConsumer<String, String> consumer) {
        Map<String, String> now = new LinkedHashMap<>();
        original.forEach((name, value) -> {
            if (!set.containsKey(name) && !removed.contains(name)) {
                now.put(name, value);
            }
        });
        now.putAll(set);
        now.forEach(consumer);
    }

    LabelSet toLabelSet() {
        if (set.isEmpty() && removed.isEmpty()) {
            return original;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        forEach(labels::put);
        return LabelSet.of(labels);
    }
}
