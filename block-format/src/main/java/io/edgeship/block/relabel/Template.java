package io.edgeship.block.relabel;

import io.edgeship.block.tsdb.LabelRegex;
import java.util.ArrayList;
import java.util.List;

/// A text in which `$1`, `$name`, `${1}` and `${name}` stand for what a regular expression has captured, as Go expands
/// it: the longest name counts (`$1x` is `${1x}`), `$$` is a `$`, a `$` that nothing follows stays as it is, and what
/// has not been captured is empty. Immutable.
final class Template {
    /// Either a text or the name of a group.
    private record Part(boolean isGroup, String text) {}

    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    Template(String text) {
        int at = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
            literal.append(text, at, dollar);
            at = group(text, dollar + 1);
        }
        literal.append(text, at, text.length());
        endLiteral();
    }

    /// Takes in what follows a `$`.
    ///
    /// @return where the text goes on
    private int group(String text, int start) {
        if (text.startsWith("$", start)) {
            literal.append('$');
            return start + 1;
        }
        boolean braced = text.startsWith("{", start);
        int from = braced ? start + 1 : start;
        int to = from;
        while (to < text.length() && isNamePart(text.codePointAt(to))) {
            to += Character.charCount(text.codePointAt(to));
        }
        if (to == from || (braced && !text.startsWith("}", to))) {
            literal.append('$');
            return start;
        }
        endLiteral();
        parts.add(new Part(true, text.substring(from, to)));
        return braced ? to + 1 : to;
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new Part(false, literal.toString()));
            literal.setLength(0);
        }
    }

    private static boolean isNamePart(int codePoint) {
        return codePoint == '_' || Character.isLetter(codePoint) || Character.isDigit(codePoint);
    }

    String expand(LabelRegex.Captured captured) {
        if (parts.size() == 1) {
            return expand(parts.getFirst(), captured);
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(expand(part, captured));
        }
        return text.toString();
    }

    private static String expand(Part part, LabelRegex.Captured captured) {
        return part.isGroup() ? captured.group(part.text()) : part.text();
    }
}
