package io.edgeship.block.relabel;

import java.util.Locale;
import java.util.Optional;

/// What a rule does; named as Prometheus names it.
public enum RelabelAction {
    /// Sets `target_label` to `replacement` where `regex` matches.
    REPLACE,
    /// Drops the series where `regex` does not match.
    KEEP,
    /// Drops the series where `regex` matches.
    DROP,
    /// Drops the series where the joined value is not that of `target_label`.
    KEEPEQUAL,
    /// Drops the series where the joined value is that of `target_label`.
    DROPEQUAL,
    /// Sets `target_label` to a hash of the joined value, modulo `modulus`.
    HASHMOD,
    /// Copies each label whose name matches `regex` to the name that `replacement` gives.
    LABELMAP,
    /// Removes each label whose name matches `regex`.
    LABELDROP,
    /// Removes each label whose name does not match `regex`.
    LABELKEEP,
    /// Sets `target_label` to the joined value in lower case.
    LOWERCASE,
    /// Sets `target_label` to the joined value in upper case.
    UPPERCASE;

    /// As a configuration writes it.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param spelling in any case, as Prometheus takes it
    public static Optional<RelabelAction> of(String spelling) {
        for (RelabelAction action : values()) {
            if (action.spelling().equals(spelling.toLowerCase(Locale.ROOT))) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    /// Whether it reads the joined value of `source_labels`; the others go through the names of all labels.
    boolean readsValue() {
        return switch (this) {
            case REPLACE, KEEP, DROP, KEEPEQUAL, DROPEQUAL, HASHMOD, LOWERCASE, UPPERCASE -> true;
            case LABELMAP, LABELDROP, LABELKEEP -> false;
        };
    }

    boolean readsRegex() {
        return switch (this) {
            case REPLACE, KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> true;
            case KEEPEQUAL, DROPEQUAL, HASHMOD, LOWERCASE, UPPERCASE -> false;
        };
    }

    boolean readsTarget() {
        return switch (this) {
            case REPLACE, KEEPEQUAL, DROPEQUAL, HASHMOD, LOWERCASE, UPPERCASE -> true;
            case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
        };
    }

    boolean readsReplacement() {
        return this == REPLACE || this == LABELMAP;
    }
}
