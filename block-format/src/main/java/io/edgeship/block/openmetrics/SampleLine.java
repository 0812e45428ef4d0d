package io.edgeship.block.openmetrics;

import io.edgeship.block.LabelSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// One sample as a line has it.
record SampleLine(LabelSet labels, double value, long timeMillis) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern SPECIAL = Pattern.compile("[+-]?(inf|infinity)|nan");
    private static final double TIME_MAX = 0x1p62;
    private static final int MILLIS = 1000;

    /// @throws IllegalArgumentException saying what is wrong with it
    static SampleLine parse(String line) {
        return new Parser(line).sample();
    }

    private static final class Parser {
        private final String line;
        private int at;

        Parser(String line) {
            this.line = line;
        }

        SampleLine sample() {
            Map<String, String> labels = new HashMap<>();
            if (isNameStart(peek())) {
                labels.put(LabelSet.METRIC_NAME, name(true));
            }
            if (peek() == '{') {
                at++;
                labels(labels);
            }
            if (!labels.containsKey(LabelSet.METRIC_NAME)) {
                throw wrong("a metric's name");
            }
            double value = number(word());
            double seconds = number(word());
            double millis = seconds * MILLIS;
            if (!(Math.abs(millis) < TIME_MAX)) { // NaN too
                throw new IllegalArgumentException("a time of %s seconds".formatted(seconds));
            }
            if (at < line.length() && !line.startsWith(" # ", at)) {
                throw wrong("the end of the line");
            }
            labels.values().removeIf(String::isEmpty);
            return new SampleLine(LabelSet.of(labels), value, (long) millis);
        }

        private void labels(Map<String, String> to) {
            while (peek() != '}') {
                String name = peek() == '"' ? quoted() : name(false);
                if (peek() == '=') {
                    at++;
                    add(to, name, quoted());
                } else {
                    add(to, LabelSet.METRIC_NAME, name); // a name that is no plain one stands in the braces
                }
                if (peek() == ',') {
                    at++;
                } else if (peek() != '}') {
                    throw wrong("',' or '}'");
                }
            }
            at++;
        }

        private void add(Map<String, String> to, String name, String value) {
            if (to.put(name, value) != null) {
                throw new IllegalArgumentException("label '%s' stands there twice".formatted(name));
            }
        }

        private String name(boolean ofMetric) {
            int from = at;
            while (isNamePart(peek()) || (ofMetric && peek() == ':')) {
                at++;
            }
            if (at == from || !isNameStart(line.charAt(from))) {
                throw wrong("a name");
            }
            return line.substring(from, at);
        }

        private static boolean isNameStart(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
        }

        private static boolean isNamePart(int c) {
            return (c != ':' && isNameStart(c)) || (c >= '0' && c <= '9');
        }

        private String quoted() {
            if (peek() != '"') {
                throw wrong("a text in quotes");
            }
            StringBuilder text = new StringBuilder();
            for (at++; peek() != '"'; at++) {
                if (at >= line.length()) {
                    throw wrong("the end of a text in quotes");
                }
                text.append(peek() == '\\' ? escaped() : line.charAt(at));
            }
            at++;
            return text.toString();
        }

        private char escaped() {
            at++;
            return switch (peek()) {
                case '\\' -> '\\';
                case '"' -> '"';
                case 'n' -> '\n';
                default -> throw wrong("\\\\, \\\" or \\n");
            };
        }

        /// What stands between a space and the next one.
        private String word() {
            if (peek() != ' ') {
                throw wrong("a value and a time, a space before each");
            }
            int from = ++at;
            while (at < line.length() && line.charAt(at) != ' ') {
                at++;
            }
            return line.substring(from, at);
        }

        private static double number(String word) {
            if (NUMBER.matcher(word).matches()) {
                return Double.parseDouble(word);
            }
            String lower = word.toLowerCase(Locale.ROOT);
            if (!SPECIAL.matcher(lower).matches()) {
                throw new IllegalArgumentException("'%s' is not a number".formatted(word));
            }
            if (lower.equals("nan")) {
                return Double.longBitsToDouble(GO_NAN);
            }
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }

        /// -1 at the end.
        private int peek() {
            return at < line.length() ? line.charAt(at) : -1;
        }

        private IllegalArgumentException wrong(String wanted) {
            return new IllegalArgumentException("%s is wanted at column %d".formatted(wanted, at + 1));
        }
    }

    /// As Prometheus has a NaN that is no stale marker.
    private static final long GO_NAN = 0x7ff8000000000001L;
}
