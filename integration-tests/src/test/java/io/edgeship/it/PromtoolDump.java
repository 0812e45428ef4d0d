package io.edgeship.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What `promtool tsdb dump` prints: `{name="value", …} value milliseconds`, one sample a line, strings quoted as Go
/// does.
final class PromtoolDump {
    private final String line;
    private int at;

    private PromtoolDump(String line) {
        this.line = line;
    }

    /// Runs `promtool tsdb dump` on a directory that holds blocks.
    static Samples of(Path promtool, Path blocksDir) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(promtool.toString(), "tsdb", "dump", blocksDir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            Samples samples = read(out);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("promtool tsdb dump " + blocksDir + " ended with exit code " + exit);
            }
            return samples;
        } finally {
            process.destroyForcibly();
        }
    }

    static Samples read(InputStream dump) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(dump, StandardCharsets.UTF_8));
        Samples samples = new Samples();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            new PromtoolDump(line).addTo(samples);
        }
        return samples;
    }

    private void addTo(Samples samples) throws IOException {
        SortedMap<String, String> labels = labels();
        List<String> words = List.of(line.substring(at).strip().split(" "));
        if (words.size() != 2) {
            throw wrong("want a value and a time after the labels");
        }
        samples.add(labels, Samples.Sample.of(Long.parseLong(words.get(1)), number(words.get(0))));
    }

    /// A number as Go and Prometheus print it.
    static double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private SortedMap<String, String> labels() throws IOException {
        SortedMap<String, String> labels = new TreeMap<>();
        expect('{');
        while (line.charAt(at) != '}') {
            String name = line.charAt(at) == '"' ? quoted() : bareName();
            expect('=');
            labels.put(name, quoted());
            if (line.startsWith(", ", at)) {
                at += 2;
            }
        }
        expect('}');
        return labels;
    }

    private String bareName() {
        int start = at;
        at = line.indexOf('=', start);
        return line.substring(start, at);
    }

    private void expect(char wanted) throws IOException {
        if (at >= line.length() || line.charAt(at) != wanted) {
            throw wrong("want '" + wanted + "'");
        }
        at++;
    }

    private String quoted() throws IOException {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (line.charAt(at) != '"') {
            char c = line.charAt(at++);
            if (c == '\\') {
                text.appendCodePoint(escaped());
            } else {
                text.append(c);
            }
        }
        expect('"');
        return text.toString();
    }

    private int escaped() throws IOException {
        char kind = line.charAt(at++);
        return switch (kind) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case '\\', '"' -> kind;
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            default -> throw wrong("unknown escape \\" + kind);
        };
    }

    private int hex(int digits) {
        at += digits;
        return Integer.parseInt(line, at - digits, at, 16);
    }

    private IOException wrong(String problem) {
        return new IOException("promtool's dump, column %d: %s: %s".formatted(at + 1, problem, line));
    }
}
