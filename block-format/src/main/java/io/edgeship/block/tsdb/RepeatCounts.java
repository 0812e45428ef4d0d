package io.edgeship.block.tsdb;

import java.util.ArrayDeque;
import java.util.Deque;

/// How often a regular expression says that its innermost part may come: `(a{10}){20}` 200 times.
final class RepeatCounts {
    /// One count has four digits at most: a longer one the engine refuses.
    private static final int DIGITS_MAX = 4;

    private final String regex;
    private int at;

    private RepeatCounts(String regex) {
        this.regex = regex;
    }

    static long most(String regex) {
        return new RepeatCounts(regex).most();
    }

    private long most() {
        Deque<Long> outer = new ArrayDeque<>();
        long most = 1;
        long last = 1; // of what a count would repeat
        while (at < regex.length()) {
            char c = regex.charAt(at++);
            if (c == '(') {
                outer.push(most);
                most = 1;
            } else if (c == ')') {
                last = most;
                most = Math.max(most, outer.isEmpty() ? 1 : outer.pop());
            } else if (c == '{') {
                last = Math.min(Integer.MAX_VALUE, last * count());
                most = Math.max(most, last);
            } else {
                skip(c);
                last = 1;
            }
        }
        return outer.stream().reduce(most, Math::max);
    }

    /// Of `{n}`, `{n,}` and `{n,m}`, the brace behind us; 1 of a brace that is only a character.
    private long count() {
        int end = regex.indexOf('}', at);
        if (end < 0 || end - at > 2 * DIGITS_MAX + 1) {
            return 1;
        }
        long count = 1;
        for (String number : regex.substring(at, end).split(",", 2)) {
            boolean isNumber = !number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9');
            count = Math.max(count, isNumber ? Long.parseLong(number) : 1);
        }
        at = end + 1;
        return count;
    }

    /// Passes over an escape, quoted text, or a class of characters, the first character of it behind us.
    private void skip(char c) {
        if (regex.startsWith("\\Q", at - 1)) {
            int end = regex.indexOf("\\E", at);
            at = end < 0 ? regex.length() : end + 2;
        } else if (c == '\\') {
            at++;
        } else if (c == '[') {
            at += regex.startsWith("^", at) ? 1 : 0;
            at += regex.startsWith("]", at) ? 1 : 0; // stands for itself there
            while (at < regex.length() && regex.charAt(at) != ']') {
                at = regex.startsWith("[:", at) ? Math.max(at, regex.indexOf(":]", at)) + 2 : at;
                at += regex.startsWith("\\", at) ? 2 : regex.startsWith("]", at) ? 0 : 1;
            }
            at++;
        }
    }
}
