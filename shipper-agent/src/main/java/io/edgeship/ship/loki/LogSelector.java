package io.edgeship.ship.loki;

import io.edgeship.block.tsdb.Matcher;
import java.util.List;
import java.util.Optional;

/// The stream selector in a log query: `{app="pump"}` of `{app="pump"} |= "secret"`.
///
/// @param open index of its `{`
record LogSelector(List<Matcher> matchers, int open) {
    private static final String QUOTES = "\"`";

    LogSelector {
        matchers = List.copyOf(matchers);
    }

    /// Empty where there is none that can be read.
    static Optional<LogSelector> of(String query) {
        int open = query.indexOf('{');
        int close = close(query, open);
        if (open < 0 || close < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LogSelector(Matcher.parse(query.substring(open, close + 1)), open));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /// The `}` that is in no quotes; -1 if there is none.
    private static int close(String query, int open) {
        char quote = 0;
        for (int at = open + 1; at < query.length(); at++) {
            char c = query.charAt(at);
            if (quote == 0 && c == '}') {
                return at;
            } else if (quote == 0 && QUOTES.indexOf(c) >= 0) {
                quote = c;
            } else if (quote == '"' && c == '\\') {
                at++; // what it escapes
            } else if (c == quote) {
                quote = 0;
            }
        }
        return -1;
    }

    /// Whether a condition is on that label.
    boolean names(String label) {
        return matchers.stream().anyMatch(matcher -> matcher.name().equals(label));
    }
}
