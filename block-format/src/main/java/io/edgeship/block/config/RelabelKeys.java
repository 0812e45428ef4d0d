package io.edgeship.block.config;

import io.edgeship.block.relabel.InvalidRuleException;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Reads a list of rules as Prometheus writes them. Stateless.
public final class RelabelKeys {
    private static final List<String> KEYS =
            List.of("action", "source_labels", "separator", "regex", "modulus", "target_label", "replacement");

    private RelabelKeys() {}

    /// @param key of the list; without it there are no rules
    /// @throws ConfigException naming the rule and its key
    public static Relabeling read(ConfigSection section, String key) throws ConfigException {
        List<RelabelRule> rules = new ArrayList<>();
        for (ConfigSection rule : section.sections(key)) {
            rules.add(rule(rule));
        }
        return Relabeling.of(rules);
    }

    private static RelabelRule rule(ConfigSection rule) throws ConfigException {
        for (String key : KEYS) { // Prometheus takes `regex:` for the empty one, other keys for their default
            if (rule.isWrittenWithoutValue(key)) {
                throw rule.wrong(key, "is written without a value: write '' for the empty text, or leave the key out");
            }
        }
        RelabelAction action = RelabelAction.of(rule.text("action", "replace"))
                .orElseThrow(() -> rule.wrong("action", "is one of " + actions()));
        try {
            return new RelabelRule(
                    action,
                    rule.texts("source_labels"),
                    rule.text("separator", RelabelRule.SEPARATOR),
                    rule.text("regex", RelabelRule.REGEX),
                    rule.integer("modulus", 0, 0, Long.MAX_VALUE),
                    rule.text("target_label", ""),
                    rule.text("replacement", RelabelRule.REPLACEMENT));
        } catch (InvalidRuleException e) {
            throw rule.wrong(e.key(), e.problem());
        }
    }

    private static String actions() {
        return Arrays.stream(RelabelAction.values())
                .map(RelabelAction::spelling)
                .collect(Collectors.joining(", "));
    }
}
