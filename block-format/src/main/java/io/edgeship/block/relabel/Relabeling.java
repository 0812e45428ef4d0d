package io.edgeship.block.relabel;

import io.edgeship.block.LabelSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rules that decide which series stay, and under which labels: what Prometheus 3 does with `relabel_config`.
/// Immutable and thread-safe.
public final class Relabeling {
    /// Every series stays as it is.
    public static final Relabeling NONE = new Relabeling(List.of());

    private final List<RelabelRule> rules;
    private final List<RelabelStep> steps;
    private final String canonical;

    private Relabeling(List<RelabelRule> rules) {
        this.rules = List.copyOf(rules);
        steps = rules.stream().map(RelabelStep::new).toList();
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> step.canonical(text));
        canonical = text.toString();
    }

    /// @param rules applied one after the other
    public static Relabeling of(List<RelabelRule> rules) {
        return rules.isEmpty() ? NONE : new Relabeling(rules);
    }

    /// In the order in which they are applied.
    public List<RelabelRule> rules() {
        return rules;
    }

    public boolean isNone() {
        return steps.isEmpty();
    }

    /// Two series may get the same labels.
    ///
    /// @return the labels that a series gets; empty if it is dropped, or if no label is left
    public Optional<LabelSet> apply(LabelSet labels) {
        if (isNone()) {
            return Optional.of(labels);
        }
        EditedLabels edited = new EditedLabels(labels);
        for (RelabelStep step : steps) {
            if (!step.apply(edited)) {
                return Optional.empty();
            }
        }
        return Optional.of(edited.toLabelSet()).filter(left -> left.size() > 0);
    }

    /// One text for all rules that do the same, a line for each rule: part of a derived block's ULID (I4). It must not
    /// change for rules that are in use.
    public String canonical() {
        return canonical;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Relabeling relabeling && relabeling.canonical.equals(canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return canonical;
    }
}
