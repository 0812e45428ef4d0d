package io.edgeship.compact;

import io.edgeship.block.LabelSet;
import io.edgeship.block.config.RelabelKeys;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Which streams this compactor works on, by their external labels: the rules of `--selector.relabel-config` of
/// Thanos, which takes the same actions. Its `__block_id` is no label here: a stream is never divided. Thread-safe.
record Selector(Relabeling rules) implements Predicate<Map<String, String>> {
    static final Selector ALL = new Selector(Relabeling.NONE);

    private static final Set<RelabelAction> ALLOWED =
            EnumSet.of(RelabelAction.KEEP, RelabelAction.DROP, RelabelAction.HASHMOD);

    static Selector from(ConfigSection root) throws ConfigException {
        Relabeling rules = RelabelKeys.read(root, "selector");
        for (RelabelRule rule : rules.rules()) {
            if (!ALLOWED.contains(rule.action())) {
                throw root.wrong(
                        "selector",
                        "takes keep, drop and hashmod, not " + rule.action().spelling());
            }
        }
        return new Selector(rules);
    }

    /// @param labels external ones
    @Override
    public boolean test(Map<String, String> labels) {
        return rules.isNone() || rules.apply(LabelSet.of(labels)).isPresent();
    }
}
