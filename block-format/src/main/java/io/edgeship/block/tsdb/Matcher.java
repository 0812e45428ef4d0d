package io.edgeship.block.tsdb;

import io.edgeship.block.LabelSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One condition of a selector on the value of a label. A label that a series lacks has the empty value. Immutable.
public final class Matcher {
    /// How the value is compared.
    public enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        /// As a selector writes it.
        public String sign() {
            return sign;
        }
    }

    private final String name;
    private final Operator operator;
    private final String value;
    private final @Nullable LabelRegex regex;

    private Matcher(String name, Operator operator, String value) {
        this.name = name;
        this.operator = operator;
        this.value = value;
        boolean isRegex = operator == Operator.REGEX || operator == Operator.NOT_REGEX;
        this.regex = isRegex ? LabelRegex.compile(value) : null;
    }

    /// @throws IllegalArgumentException if `value` should be a regular expression and is none
    public static Matcher of(String name, Operator operator, String value) {
        return new Matcher(name, operator, value);
    }

    /// Reads `up`, `{job="x", site!="y"}` or `up{job=~"a|b"}`, as Prometheus does.
    ///
    /// @throws IllegalArgumentException with a message fit for people
    public static List<Matcher> parse(String selector) {
        return new SelectorParser(selector).parse();
    }

    /// The label that it is about.
    public String name() {
        return name;
    }

    public boolean matches(LabelSet labels) {
        return matches(labels.get(name).orElse(""));
    }

    /// Whether a label of this value, empty for none, meets the condition.
    public boolean matches(String labelValue) {
        return holdsFor(labelValue) != isNegative();
    }

    boolean isNegative() {
        return operator == Operator.NOT_EQUAL || operator == Operator.NOT_REGEX;
    }

    /// What is asked of the value before a `!` turns it round.
    boolean holdsFor(String labelValue) {
        return regex == null ? value.equals(labelValue) : regex.matches(labelValue);
    }

    /// The only values that [#holdsFor], where they are few and known.
    Optional<Set<String>> literals() {
        return regex == null ? Optional.of(Set.of(value)) : regex.literals();
    }

    /// What every value begins with that [#holdsFor].
    String prefix() {
        return regex == null ? value : regex.prefix();
    }

    /// The same condition, written the same way.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher matcher && matcher.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append(operator.sign());
        LabelSet.quote(text, value);
        return text.toString();
    }
}
