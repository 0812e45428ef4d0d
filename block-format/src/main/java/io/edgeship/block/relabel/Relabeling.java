package io.edgeship.block.relabel;

import io.edgeship.block.LabelSet;
import java.util.Optional;

/// Rules that decide which series stay, and under which labels. Immutable and thread-safe.
public final class Relabeling {
    /// Every series stays as it is.
    public static final Relabeling NONE = new Relabeling();

    private Relabeling() {}

    public boolean isNone() {
        return this == NONE;
    }

    /// @return the labels that a series gets; empty if it is dropped
    public Optional<LabelSet> apply(LabelSet labels) {
        return Optional.of(labels);
    }

    /// One text for all rules that do the same: part of a derived block's ULID (I4).
    public String canonical() {
        return "";
    }
}
