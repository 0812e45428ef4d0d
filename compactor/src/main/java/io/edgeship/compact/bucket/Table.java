package io.edgeship.compact.bucket;

import io.edgeship.block.json.JsonObject;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.UsageException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Rows for people, or for programs: `--output table|json|tsv`. Text of strangers is printed harmless.
///
/// @param <T> what a row is about
final class Table<T> {
    static final Option OPTION =
            new Option("output", "FORMAT", "table (default), json (one object a line) or tsv (with a header)");

    private final List<Column<T>> columns;
    private final List<T> rows = new ArrayList<>();

    Table(List<Column<T>> columns) {
        this.columns = List.copyOf(columns);
    }

    /// @param name  over the column; in JSON in small letters
    /// @param value for programs: a text, a number, a boolean, a list or an object
    /// @param shown for people
    record Column<T>(String name, Function<T, Object> value, Function<T, String> shown) {
        /// One that is the same for both.
        static <T> Column<T> of(String name, Function<T, Object> value) {
            return new Column<>(name, value, row -> String.valueOf(value.apply(row)));
        }

        private String key() {
            return name.toLowerCase(Locale.ROOT).replace("#", "").replaceAll("[ -]", "_");
        }
    }

    private enum Format {
        TABLE,
        JSON,
        TSV
    }

    void add(T row) {
        rows.add(row);
    }

    void print(Arguments arguments, PrintStream out) throws UsageException {
        String wanted = arguments.value("output").orElse("table");
        for (Format format : Format.values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(wanted)) {
                print(format, out);
                return;
            }
        }
        throw new UsageException("--output '" + wanted + "' is none of table, json, tsv");
    }

    private void print(Format format, PrintStream out) {
        switch (format) {
            case TABLE -> table(out);
            case JSON -> rows.forEach(row -> out.println(json(row)));
            case TSV -> {
                out.println(String.join("\t", columns.stream().map(Column::name).toList()));
                rows.forEach(row -> out.println(String.join("\t", shown(row))));
            }
        }
    }

    private String json(T row) {
        JsonObject json = JsonObject.empty();
        for (Column<T> column : columns) {
            json = json.with(column.key(), column.value().apply(row));
        }
        return Printable.line(new String(json.toCompactBytes(), StandardCharsets.UTF_8));
    }

    private List<String> shown(T row) {
        return columns.stream()
                .map(column -> Printable.line(column.shown().apply(row)))
                .toList();
    }

    private void table(PrintStream out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::name).toList());
        rows.forEach(row -> lines.add(shown(row)));
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
