package io.edgeship.block.tsdb;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.Matcher.Operator;
import java.util.ArrayList;
import java.util.List;

/// Reads a series selector as PromQL has it, names in quotes included: `up{job="x"}`, `{"http.requests", "a.b"!="c"}`.
final class SelectorParser {
    /// Longer ones first, so that `=~` is not taken for `=`.
    private static final List<Operator> OPERATORS =
            List.of(Operator.REGEX, Operator.NOT_REGEX, Operator.NOT_EQUAL, Operator.EQUAL);

    private final String text;
    private final List<Matcher> matchers = new ArrayList<>();
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    List<Matcher> parse() {
        skipSpace();
        if (at == text.length()) {
            throw notASelector();
        }
        String metric = name(true);
        if (!metric.isEmpty()) {
            matchers.add(Matcher.of(LabelSet.METRIC_NAME, Operator.EQUAL, metric));
            skipSpace();
        }
        if (take("{")) {
            conditions();
            skipSpace();
        }
        if (at < text.length()) {
            throw notASelector();
        }
        return matchers;
    }

    private void conditions() {
        skipSpace();
        while (!take("}")) {
            condition();
            skipSpace();
            if (!take(",") && !isNext("}")) {
                throw notACondition(at);
            }
            skipSpace();
        }
    }

    private void condition() {
        int begin = at;
        boolean quoted = isQuote();
        String name = quoted ? quoted() : name(false);
        skipSpace();
        if (quoted && (isNext(",") || isNext("}"))) {
            matchers.add(Matcher.of(LabelSet.METRIC_NAME, Operator.EQUAL, name));
            return;
        }
        Operator operator = OPERATORS.stream()
                .filter(candidate -> take(candidate.sign()))
                .findFirst()
                .orElseThrow(() -> notACondition(begin));
        skipSpace();
        if (name.isEmpty() || !isQuote()) {
            throw notACondition(begin);
        }
        matchers.add(Matcher.of(name, operator, quoted()));
    }

    /// A name that needs no quotes; empty if there is none here.
    private String name(boolean withColons) {
        int begin = at;
        while (at < text.length() && isOfName(text.charAt(at), at == begin, withColons)) {
            at++;
        }
        return text.substring(begin, at);
    }

    private static boolean isOfName(char c, boolean isFirst, boolean withColons) {
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return isLetter || (withColons && c == ':') || (!isFirst && c >= '0' && c <= '9');
    }

    private boolean isQuote() {
        return at < text.length() && "\"'`".indexOf(text.charAt(at)) >= 0;
    }

    private String quoted() {
        int begin = at;
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && quote != '`') {
                value.append(escape());
            } else {
                value.append(text.charAt(at++));
            }
        }
        if (at == text.length()) {
            throw new IllegalArgumentException("'" + text.substring(begin) + "' has no closing quote");
        }
        at++;
        return value.toString();
    }

    private String escape() {
        int begin = at++;
        char c = at < text.length() ? text.charAt(at++) : '\0';
        return switch (c) {
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'v' -> "\u000b";
            case '\\', '"', '\'' -> String.valueOf(c);
            case 'u' -> codePoint(begin, 4);
            case 'U' -> codePoint(begin, 8);
            default ->
                throw new IllegalArgumentException("'%s' is no escape; a backslash is written \\\\"
                        .formatted(text.substring(begin, Math.min(begin + 2, text.length()))));
        };
    }

    private String codePoint(int begin, int digits) {
        try {
            int end = at + digits;
            String codePoint = Character.toString(Integer.parseInt(text, at, end, 16));
            at = end;
            return codePoint;
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw new IllegalArgumentException("'" + text.substring(begin) + "' does not begin with a code point");
        }
    }

    private boolean isNext(String sign) {
        return text.startsWith(sign, at);
    }

    private boolean take(String sign) {
        boolean isNext = isNext(sign);
        at += isNext ? sign.length() : 0;
        return isNext;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException notASelector() {
        return new IllegalArgumentException("'" + text + "' is not a selector like up{job=\"x\"}");
    }

    private IllegalArgumentException notACondition(int begin) {
        return new IllegalArgumentException("'" + text.substring(begin) + "' is not a condition like job=\"x\"");
    }
}
