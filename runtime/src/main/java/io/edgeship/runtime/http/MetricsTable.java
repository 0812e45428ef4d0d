package io.edgeship.runtime.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a registry holds, as the Markdown table of a reference page: the page is written by the code that it describes.
public final class MetricsTable {
    private static final String BEGIN = "<!-- metrics: generated, do not edit -->\n";
    private static final String END = "<!-- end of metrics -->";
    private static final Pattern COMMENT = Pattern.compile("(?m)^# (HELP|TYPE) (\\S+) ?(.*)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"");

    private MetricsTable() {}

    private static final class Row {
        private String type = "";
        private String help = "";
        private final TreeSet<String> labels = new TreeSet<>();
    }

    /// @param scrape in Prometheus' text format
    /// @param without metrics that another page describes begin so
    public static String of(String scrape, String without) {
        Map<String, Row> rows = new TreeMap<>();
        Matcher comments = COMMENT.matcher(scrape);
        while (comments.find()) {
            Row row = rows.computeIfAbsent(comments.group(2), _ -> new Row());
            if (comments.group(1).equals("TYPE")) {
                row.type = comments.group(3);
            } else {
                row.help = comments.group(3);
            }
        }
        Matcher samples = SAMPLE.matcher(scrape);
        while (samples.find()) {
            Row row = rows.get(samples.group(1));
            Matcher labels = LABEL.matcher(samples.group(2));
            while (row != null && labels.find()) {
                row.labels.add(labels.group(1));
            }
        }
        StringBuilder table = new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
        rows.forEach((name, row) -> {
            if (!name.startsWith(without)) {
                String labels = row.labels.isEmpty() ? "" : "`" + String.join("`, `", row.labels) + "`";
                table.append(
                        "| `%s` | %s | %s | %s |\n".formatted(name, row.type, labels, row.help.replace("|", "\\|")));
            }
        });
        return table.toString();
    }

    /// What stands between the marks of a page.
    ///
    /// @throws IllegalArgumentException if the page has no marks
    public static String on(String page) {
        return page.substring(begin(page), end(page));
    }

    /// The page with `table` between its marks.
    public static String replacedOn(String page, String table) {
        return page.substring(0, begin(page)) + table + page.substring(end(page));
    }

    private static int begin(String page) {
        int begin = page.indexOf(BEGIN);
        if (begin < 0) {
            throw new IllegalArgumentException("the page has no line " + BEGIN.strip());
        }
        return begin + BEGIN.length();
    }

    private static int end(String page) {
        int end = page.indexOf(END, begin(page));
        if (end < 0) {
            throw new IllegalArgumentException("the page has no line " + END);
        }
        return end;
    }
}
