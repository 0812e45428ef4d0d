package io.edgeship.runtime.config;

import io.edgeship.runtime.config.EffectiveSection.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Prints what a configuration came to, as YAML that means the same when it is read; secrets alone are hidden.
final class EffectiveYaml {
    static final String HIDDEN = "<hidden>";

    private static final Pattern SECRET = Pattern.compile("secret|password|token|credential");
    private static final Pattern USER_IN_URL = Pattern.compile("://[^/@\\s]+@");

    /// What is text without quotes wherever it stands, and is no YAML of its own.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./%+@-]*(:[A-Za-z0-9_./%+@-]+)*");

    private EffectiveYaml() {}

    /// One line each, without line ends.
    static List<String> lines(EffectiveSection section) {
        List<String> lines = new ArrayList<>();
        section.entries().forEach((key, entry) -> add(key, entry, lines));
        return lines;
    }

    private static void add(String key, Entry entry, List<String> lines) {
        switch (entry) {
            case Entry.Unset() -> lines.add("# " + key + ": not set");
            case Entry.Value(var text, var origin) -> lines.add(key + ": " + value(key, text) + comment(origin));
            case Entry.Values(var texts, var origin) ->
                lines.add(key + ": ["
                        + String.join(
                                ", ",
                                texts.stream().map(text -> value(key, text)).toList()) + "]" + comment(origin));
            case Entry.Names(var texts, var origin) -> addNames(key, texts, origin, lines);
            case Entry.Section(var section) -> addSection(key, lines(section), lines);
            case Entry.Sections(var sections) -> addSections(key, sections, lines);
        }
    }

    private static void addNames(String key, Map<String, String> texts, String origin, List<String> lines) {
        if (texts.isEmpty()) {
            lines.add("# " + key + ": not set");
            return;
        }
        lines.add(key + ":" + comment(origin));
        texts.forEach((name, text) -> lines.add("  " + quoted(name) + ": " + value(name, text)));
    }

    /// A section of which nothing is set stays away: being there may mean something.
    private static void addSection(String key, List<String> inside, List<String> lines) {
        boolean empty = inside.stream().allMatch(line -> line.strip().startsWith("#"));
        lines.add((empty ? "# " : "") + key + ":" + (inside.isEmpty() ? " not set" : ""));
        inside.forEach(line -> lines.add("  " + line));
    }

    private static void addSections(String key, List<EffectiveSection> sections, List<String> lines) {
        if (sections.isEmpty()) {
            lines.add("# " + key + ": not set");
            return;
        }
        lines.add(key + ":");
        for (EffectiveSection section : sections) {
            String margin = "- ";
            for (String line : lines(section)) {
                lines.add(margin + line);
                margin = "  ";
            }
        }
    }

    private static String comment(String origin) {
        return origin.isEmpty() ? "" : origin.equals("default") ? "  # default" : "  # from " + origin;
    }

    private static String value(String key, String text) {
        if (!text.isEmpty() && isSecret(key)) {
            return quoted(HIDDEN);
        }
        return quoted(USER_IN_URL.matcher(text).replaceAll("://" + HIDDEN + "@"));
    }

    /// The name of a file that holds a secret is none.
    private static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return SECRET.matcher(lower).find() && !lower.endsWith("_file");
    }

    private static String quoted(String text) {
        if (PLAIN.matcher(text).matches() && !text.equalsIgnoreCase("null")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || letter == 0x7f || (letter >= 0x80 && letter < 0xa0) || letter == 0xfeff) {
                quoted.append("\\u%04x".formatted((int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
