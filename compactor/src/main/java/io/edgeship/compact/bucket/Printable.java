package io.edgeship.compact.bucket;

/// Text of strangers on a terminal, which obeys what it prints.
final class Printable {
    private Printable() {}

    /// One line: control and formatting characters become `?`.
    static String line(String text) {
        return clean(text, false);
    }

    /// As [#line], but line feeds and tabs stay.
    static String page(String text) {
        return clean(text, true);
    }

    private static String clean(String text, boolean page) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean layout = page && (c == '\n' || c == '\t');
            boolean obeyed = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            clean.appendCodePoint(obeyed && !layout ? '?' : c);
        });
        return clean.toString();
    }
}
