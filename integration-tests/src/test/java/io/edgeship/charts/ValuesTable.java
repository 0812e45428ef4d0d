package io.edgeship.charts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A chart's `values.yaml` as its README shows it: a row for each key below a comment that begins with `# --`.
record ValuesTable(List<Row> rows) {
    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9_]+):(.*)");
    private static final String DOCUMENTED = "# -- ";

    record Row(String key, Object value, String meaning) {}

    private record Open(int indent, String path) {}

    static ValuesTable of(Chart chart) {
        return parse(Chart.read(chart.file("values.yaml")));
    }

    /// @throws IllegalArgumentException if a key has no comment
    static ValuesTable parse(String yaml) {
        Object values = Chart.parse(yaml);
        List<Row> rows = new ArrayList<>();
        Deque<Open> open = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        int within = Integer.MAX_VALUE; // lines that are indented more belong to a documented key
        for (String line : yaml.lines().toList()) {
            String text = line.strip();
            if (text.startsWith(DOCUMENTED)) {
                comment = new StringBuilder(text.substring(DOCUMENTED.length()));
            } else if (text.startsWith("#") && !comment.isEmpty()) {
                comment.append(' ').append(text.substring(1).strip());
            }
            Matcher key = KEY.matcher(line);
            if (!key.matches() || key.group(1).length() > within) {
                continue;
            }
            int indent = key.group(1).length();
            while (!open.isEmpty() && open.peek().indent() >= indent) {
                open.pop();
            }
            String path = open.isEmpty() ? key.group(2) : open.peek().path() + "." + key.group(2);
            if (!comment.isEmpty()) {
                rows.add(new Row(path, Rendering.at(values, (Object[]) path.split("\\.")), comment.toString()));
                comment.setLength(0);
                within = indent;
            } else if (key.group(3).isBlank()) {
                open.push(new Open(indent, path));
                within = Integer.MAX_VALUE;
            } else {
                throw new IllegalArgumentException(path + " has no comment");
            }
        }
        return new ValuesTable(rows);
    }

    String markdown() {
        return rows.stream()
                .map(row -> "| `" + row.key() + "` | `" + json(row.value()) + "` | " + row.meaning() + " |\n")
                .collect(Collectors.joining("", "| value | default | meaning |\n|---|---|---|\n", ""));
    }

    /// The keys that a schema describes, down to those that are rows here; sorted.
    Set<String> describedBy(Map<?, ?> schema) {
        Set<String> described = new TreeSet<>();
        describe(schema, "", described);
        return described;
    }

    Set<String> keys() {
        return rows.stream().map(Row::key).collect(Collectors.toCollection(TreeSet::new));
    }

    private void describe(Map<?, ?> schema, String path, Set<String> described) {
        boolean below =
                rows.stream().anyMatch(row -> path.isEmpty() || row.key().startsWith(path + "."));
        if (!below) {
            described.add(path);
            return;
        }
        ((Map<?, ?>) Rendering.at(schema, "properties"))
                .forEach((key, value) ->
                        describe((Map<?, ?>) value, path.isEmpty() ? key.toString() : path + "." + key, described));
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
