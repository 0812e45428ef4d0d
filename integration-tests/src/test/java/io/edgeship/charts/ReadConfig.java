package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A rendered configuration in the hands of the program that it is for.
final class ReadConfig {
    private static final Pattern KEYS =
            Pattern.compile("^\\| ((?:`[a-z0-9_.\\[\\]]+`(?:, )?)+) \\|", Pattern.MULTILINE);

    private ReadConfig() {}

    /// Writes a rendered file, and the files that it names, below `dir`, which stands for the container's
    /// `/etc/edgeship`.
    static Path mounted(Path dir, Rendering rendering, String name) throws IOException {
        Files.createDirectories(dir.resolve("web"));
        for (String bucket : List.of("objstore", "logs-objstore")) {
            Files.createDirectories(dir.resolve(bucket));
            Files.writeString(
                    dir.resolve(bucket).resolve("objstore.yml"),
                    "type: S3\nconfig: {bucket: " + (bucket.equals("objstore") ? "telemetry" : "logs")
                            + ", endpoint: s3.example.net, region: r}\n");
        }
        Files.writeString(dir.resolve("web/web.yml"), "basic_auth_users: {}\n");
        Path file = dir.resolve(name);
        Files.writeString(file, rendering.file(name).replace("/etc/edgeship", dir.toString()));
        return file;
    }

    /// `--print-config` reads the file as the process does at its start, and prints what it comes to.
    static String printed(List<Command> commands, List<String> words, Path file) {
        List<String> all = new ArrayList<>(words);
        all.add("--config=" + file);
        all.add("--print-config");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Commands.run(commands, all.toArray(String[]::new), new Terminal(printer(out), printer(err), false));
        assertThat(code).as("%s: %s", all, err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// The keys in the tables of a reference page's section on keys.
    static Set<String> keysOnPage(String page) {
        String text = Chart.read(Path.of("../docs/reference/" + page + ".md"));
        String section = text.substring(text.indexOf("\n## Keys"));
        section = section.substring(0, section.indexOf("\n## ", 4));
        Set<String> keys = new TreeSet<>();
        KEYS.matcher(section)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(", ")))
                .forEach(key -> keys.add(key.replace("`", "")));
        return keys;
    }

    /// The keys in a schema, spelled as on a page.
    static void keysOf(Map<?, ?> schema, String prefix, Set<String> keys) {
        if (schema.get("items") instanceof Map<?, ?> items) {
            keysOf(items, prefix.replaceFirst("\\.$", "[]."), keys);
        } else if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((key, value) -> {
                keys.add(prefix + key);
                keysOf((Map<?, ?>) value, prefix + key + ".", keys);
            });
        }
    }
}
