package io.edgeship.block.relabel;

import static io.edgeship.block.relabel.RelabelAction.DROPEQUAL;
import static io.edgeship.block.relabel.RelabelAction.HASHMOD;
import static io.edgeship.block.relabel.RelabelAction.KEEPEQUAL;
import static io.edgeship.block.relabel.RelabelAction.LABELDROP;
import static io.edgeship.block.relabel.RelabelAction.LABELKEEP;
import static io.edgeship.block.relabel.RelabelAction.LABELMAP;
import static io.edgeship.block.relabel.RelabelAction.LOWERCASE;
import static io.edgeship.block.relabel.RelabelAction.UPPERCASE;

import io.edgeship.block.tsdb.LabelRegex;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One step of a relabelling, as Prometheus' `relabel_config` has it, names in UTF-8. What a configuration leaves out
/// has its default here.
///
/// @param sourceLabels whose values are joined; a label that a series lacks has the empty value
/// @param separator    between the joined values
/// @param regex        RE2 syntax, over the whole of the joined value or of a label's name
/// @param modulus      of [RelabelAction#HASHMOD], at least 1; else 0
/// @param targetLabel  that is written or compared; [RelabelAction#REPLACE] expands `$1` and `${name}` in it
/// @param replacement  in which `$1` and `${name}` stand for what `regex` has captured
public record RelabelRule(
        RelabelAction action,
        List<String> sourceLabels,
        String separator,
        String regex,
        long modulus,
        String targetLabel,
        String replacement) {
    public static final String SEPARATOR = ";";
    public static final String REGEX = "(.*)";
    public static final String REPLACEMENT = "$1";

    /// @throws InvalidRuleException if Prometheus would refuse it
    public RelabelRule {
        sourceLabels = List.copyOf(sourceLabels);
        for (String name : sourceLabels) {
            if (!isLabelName(name)) {
                throw new InvalidRuleException("source_labels", "has a name that no label can have: '" + name + "'");
            }
        }
        if (modulus < 0 || (action == HASHMOD && modulus == 0)) {
            throw new InvalidRuleException("modulus", "must be 1 or more for action hashmod");
        }
        checkTarget(action, targetLabel);
        checkReplacement(action, replacement);
        checkUnused(action, sourceLabels, separator, regex, modulus, targetLabel, replacement);
        try {
            LabelRegex.compile(regex);
        } catch (IllegalArgumentException e) {
            throw new InvalidRuleException("regex", "is no regular expression in RE2 syntax: " + e.getMessage());
        }
    }

    private static void checkTarget(RelabelAction action, String targetLabel) {
        if (action.readsTarget() && targetLabel.isEmpty()) {
            throw new InvalidRuleException("target_label", "is missing: action " + action.spelling() + " needs it");
        }
        if (action.readsTarget() && !isLabelName(targetLabel)) {
            throw new InvalidRuleException("target_label", "is no name that a label can have");
        }
    }

    private static void checkReplacement(RelabelAction action, String replacement) {
        if (action == LABELMAP && !isLabelName(replacement)) {
            throw new InvalidRuleException(
                    "replacement", "is no name that a label can have: action labelmap needs one");
        }
        if ((action == LOWERCASE || action == UPPERCASE) && !replacement.equals(REPLACEMENT)) {
            throw new InvalidRuleException("replacement", "cannot be set for action " + action.spelling());
        }
    }

    /// Prometheus refuses here what would have no effect; elsewhere it is silent.
    private static void checkUnused(
            RelabelAction action,
            List<String> sourceLabels,
            String separator,
            String regex,
            long modulus,
            String targetLabel,
            String replacement) {
        boolean compares = action == KEEPEQUAL || action == DROPEQUAL;
        boolean picksNames = action == LABELDROP || action == LABELKEEP;
        if (compares) {
            refuse("regex", !regex.equals(REGEX), action, "source_labels and target_label");
        }
        if (picksNames) {
            refuse("source_labels", !sourceLabels.isEmpty(), action, "regex");
            refuse("target_label", !targetLabel.isEmpty(), action, "regex");
        }
        if (compares || picksNames) {
            String wanted = compares ? "source_labels and target_label" : "regex";
            refuse("separator", !separator.equals(SEPARATOR), action, wanted);
            refuse("modulus", modulus != 0, action, wanted);
            refuse("replacement", !replacement.equals(REPLACEMENT), action, wanted);
        }
    }

    private static void refuse(String key, boolean isSet, RelabelAction action, String wanted) {
        if (isSet) {
            throw new InvalidRuleException(
                    key, "cannot be set for action %s, which takes %s only".formatted(action.spelling(), wanted));
        }
    }

    /// In UTF-8 every text that is not empty can be the name of a label.
    static boolean isLabelName(String name) {
        return !name.isEmpty() && StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }
}
