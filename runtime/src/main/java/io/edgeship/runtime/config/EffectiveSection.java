package io.edgeship.runtime.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one section came to: each key asked for, with the value in force and where it is from, in the order of asking.
/// Not thread-safe.
final class EffectiveSection {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /// Under one key.
    sealed interface Entry {
        /// Nothing is said, and there is no default.
        record Unset() implements Entry {}

        /// @param origin empty for the file, else `default` or the environment variable
        record Value(String text, String origin) implements Entry {}

        record Values(List<String> texts, String origin) implements Entry {}

        record Names(Map<String, String> texts, String origin) implements Entry {}

        record Section(EffectiveSection section) implements Entry {}

        record Sections(List<EffectiveSection> sections) implements Entry {}
    }

    Map<String, Entry> entries() {
        return entries;
    }

    void unset(String key) {
        entries.putIfAbsent(key, new Entry.Unset());
    }

    /// @param variable of the environment; empty where the file says so
    void given(String key, String text, Optional<String> variable) {
        entries.put(key, new Entry.Value(text, variable.orElse("")));
    }

    /// @param text that is read back as the default; empty for one that stands for nothing
    void fallback(String key, String text) {
        if (!text.isEmpty() && entries.get(key) instanceof Entry.Unset) {
            entries.put(key, new Entry.Value(text, "default"));
        }
    }

    void put(String key, Entry entry) {
        entries.put(key, entry);
    }
}
