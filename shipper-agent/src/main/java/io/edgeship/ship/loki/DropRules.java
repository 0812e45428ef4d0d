package io.edgeship.ship.loki;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.Matcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which streams are not shipped.
///
/// @param selectors each a list of conditions that have to hold together; one selector is enough
public record DropRules(List<List<Matcher>> selectors) {
    public DropRules {
        selectors = selectors.stream().map(List::copyOf).toList();
    }

    /// @param selectors as `{namespace="kube-system", level=~"debug|trace"}`
    /// @throws IllegalArgumentException if one is no selector, or would drop every stream
    public static DropRules parse(List<String> selectors) {
        return new DropRules(selectors.stream().map(DropRules::parse).toList());
    }

    private static List<Matcher> parse(String selector) {
        List<Matcher> matchers = Matcher.parse(selector);
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException(selector + " would drop every stream");
        }
        return matchers;
    }

    /// @param labels of the stream, as Loki keeps them
    boolean drops(Map<String, String> labels) {
        Map<String, String> seen = new HashMap<>(labels);
        seen.remove(LabelSet.METRIC_NAME); // Loki's own, in every stream
        LabelSet stream = LabelSet.of(seen);
        return selectors.stream().anyMatch(selector -> selector.stream().allMatch(matcher -> matcher.matches(stream)));
    }
}
