package io.edgeship.block.tsdb;

import io.edgeship.block.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One condition of a selector: a label equals a value, or does not. A label that a series lacks has the empty value.
public record Matcher(String name, String value, boolean equal) {
    private static final Pattern CONDITION =
            Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(,|$)");
    private static final Pattern METRIC =
            Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\\s*(\\{(.*)})?\\s*", Pattern.DOTALL);

    public boolean matches(LabelSet labels) {
        return labels.get(name).orElse("").equals(value) == equal;
    }

    /// Reads `up`, `{job="x", site!="y"}` or `up{job="x"}`.
    ///
    /// @throws IllegalArgumentException with a message fit for people
    public static List<Matcher> parse(String selector) {
        java.util.regex.Matcher whole = METRIC.matcher(selector);
        if (!whole.matches() || selector.isBlank()) {
            throw new IllegalArgumentException("'" + selector + "' is not a selector like up{job=\"x\"}");
        }
        List<Matcher> matchers = new ArrayList<>();
        if (whole.group(1) != null) {
            matchers.add(new Matcher(LabelSet.METRIC_NAME, whole.group(1), true));
        }
        String conditions = whole.group(3) == null ? "" : whole.group(3).strip();
        java.util.regex.Matcher next = CONDITION.matcher(conditions);
        int at = 0;
        while (at < conditions.length()) {
            if (!next.find(at) || next.start() != at) {
                throw new IllegalArgumentException(
                        "'" + conditions.substring(at) + "' is not a condition like job=\"x\"");
            }
            if (next.group(2).endsWith("~")) {
                throw new IllegalArgumentException("regular expressions (" + next.group(2) + ") are not supported yet");
            }
            matchers.add(new Matcher(
                    next.group(1), unescape(next.group(3)), next.group(2).equals("=")));
            at = next.end();
        }
        return matchers;
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
    }
}
