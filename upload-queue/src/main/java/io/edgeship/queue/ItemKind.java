package io.edgeship.queue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an item holds.
public enum ItemKind {
    /// A TSDB block.
    BLOCK,
    /// Chunks of a Loki.
    LOGS;

    /// As `item.json` has it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Empty for a kind that a newer agent wrote.
    static Optional<ItemKind> tryParse(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
