package io.edgeship.block.tsdb;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A regular expression over the whole of a label's value: RE2 syntax, linear time, `.` is any character and the line
/// feed too. The shapes that people write most never reach the engine: `a|b|c`, `prefix.*` and `prefix.+`. Immutable
/// and thread-safe.
public final class LabelRegex {
    /// What the groups of a regular expression have captured.
    public static final class Captured {
        private final Matcher matcher;

        private Captured(Matcher matcher) {
            this.matcher = matcher;
        }

        /// @param name a number without leading zeros, 0 for the whole value, or a name
        /// @return empty if there is no such group or if it took no part in the match
        public String group(String name) {
            String text = null;
            if (NUMBER.matcher(name).matches()) {
                int number = Integer.parseInt(name);
                text = number <= matcher.groupCount() ? matcher.group(number) : null;
            } else if (matcher.pattern().namedGroups().containsKey(name)) {
                text = matcher.group(name);
            }
            return text == null ? "" : text;
        }
    }

    private static final String META = "\\.+*?()|[]{}^$";

    /// Longer than any that a person writes; the engine takes memory for each character.
    private static final int CHARS_MAX = 64 << 10;

    /// Of counts within counts, as Go's engine has it; RE2/J would write each repetition out.
    private static final int REPEATS_MAX = 1000;

    private static final java.util.regex.Pattern NUMBER = java.util.regex.Pattern.compile("0|[1-9][0-9]{0,8}");

    private enum Rest {
        ANYTHING,
        SOMETHING
    }

    private final Set<String> literals; // where it is a plain alternative, else empty
    private final String prefix;
    private final @Nullable Rest rest; // after the prefix, where that is all there is to check
    private final Pattern pattern;

    private LabelRegex(Set<String> literals, String prefix, @Nullable Rest rest, Pattern pattern) {
        this.literals = literals;
        this.prefix = prefix;
        this.rest = rest;
        this.pattern = pattern;
    }

    /// @throws IllegalArgumentException if it is not a regular expression
    public static LabelRegex compile(String regex) {
        if (regex.length() > CHARS_MAX) {
            throw new IllegalArgumentException("a regular expression of %d characters".formatted(regex.length()));
        }
        if (RepeatCounts.most(regex) > REPEATS_MAX) {
            throw new IllegalArgumentException("'%s' repeats something over %d times".formatted(regex, REPEATS_MAX));
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'%s': %s".formatted(regex, e.getMessage()), e);
        }
        Optional<List<String>> alternatives = alternatives(regex);
        if (alternatives.isPresent()) {
            return new LabelRegex(new LinkedHashSet<>(alternatives.get()), "", null, pattern);
        }
        Rest rest = regex.endsWith(".*") ? Rest.ANYTHING : regex.endsWith(".+") ? Rest.SOMETHING : null;
        if (rest != null) {
            Optional<List<String>> before = alternatives(regex.substring(0, regex.length() - 2));
            if (before.isPresent() && before.get().size() == 1) {
                return new LabelRegex(Set.of(), before.get().getFirst(), rest, pattern);
            }
        }
        return new LabelRegex(Set.of(), "", null, pattern);
    }

    /// What `regex` is an alternative of, if it is nothing else; `(a|b)` is not taken apart.
    private static Optional<List<String>> alternatives(String regex) {
        List<String> found = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '|') {
                found.add(literal.toString());
                literal.setLength(0);
            } else if (META.indexOf(c) < 0) {
                literal.append(c);
            } else if (c == '\\' && i + 1 < regex.length() && META.indexOf(regex.charAt(i + 1)) >= 0) {
                literal.append(regex.charAt(++i));
            } else {
                return Optional.empty();
            }
        }
        found.add(literal.toString());
        return Optional.of(found);
    }

    public boolean matches(String value) {
        if (!literals.isEmpty()) {
            return literals.contains(value);
        }
        if (rest != null) {
            return value.startsWith(prefix) && (rest == Rest.ANYTHING || value.length() > prefix.length());
        }
        return pattern.matches(value);
    }

    /// @return empty if the value does not match
    public Optional<Captured> capture(String value) {
        if (!literals.isEmpty() && !literals.contains(value)) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(value);
        return matcher.matches() ? Optional.of(new Captured(matcher)) : Optional.empty();
    }

    /// The only values that match, where they are known.
    Optional<Set<String>> literals() {
        return literals.isEmpty() ? Optional.empty() : Optional.of(literals);
    }

    /// What every value begins with that matches.
    String prefix() {
        return prefix;
    }
}
