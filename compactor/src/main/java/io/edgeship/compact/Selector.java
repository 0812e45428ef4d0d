package io.edgeship.compact;

import io.edgeship.block.LabelSet;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelKeys;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which blocks this compactor works on, by their external labels and `__block_id`: the rules of
/// `--selector.relabel-config` of Thanos, which takes the same actions. Thread-safe.
///
/// Source: `LabelShardedMetaFilter` in `pkg/block/fetcher.go` of Thanos 0.43-dev.
record Selector(Relabeling rules) {
    static final Selector ALL = new Selector(Relabeling.NONE);

    private static final String BLOCK_ID = "__block_id";

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

    boolean takes(BucketBlock block) {
        if (rules.isNone()) {
            return true;
        }
        Map<String, String> labels = new HashMap<>(block.labels());
        labels.put(BLOCK_ID, block.meta().id().toString());
        return rules.apply(LabelSet.of(labels)).isPresent();
    }
}
