package io.edgeship.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The alerting rules of `deploy/mixin`.
final class MixinRules {
    static final Path MIXIN = Path.of("..", "deploy", "mixin");
    static final Path RULES = MIXIN.resolve("rules");
    static final Path TESTS = MIXIN.resolve("tests");

    private MixinRules() {}

    /// @param group without `edgeship-`: what it watches, and its file's name
    record Alert(String group, String name, String expression, String severity, Map<String, String> annotations) {}

    static List<Alert> all() throws IOException {
        List<Alert> alerts = new ArrayList<>();
        for (Path file : yamlFiles(RULES)) {
            for (Map<?, ?> group : maps(yaml(file), "groups")) {
                for (Map<?, ?> rule : maps(group, "rules")) {
                    alerts.add(alert(text(group, "name").replace("edgeship-", ""), rule));
                }
            }
        }
        return alerts;
    }

    private static Alert alert(String group, Map<?, ?> rule) {
        Map<String, String> annotations = new TreeMap<>();
        map(rule, "annotations").forEach((key, value) -> annotations.put((String) key, (String) value));
        return new Alert(
                group, text(rule, "alert"), text(rule, "expr"), text(map(rule, "labels"), "severity"), annotations);
    }

    static List<Path> yamlFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    /// Keys that stand twice are an error.
    static Map<?, ?> yaml(Path file) throws IOException {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        return (Map<?, ?>) Objects.requireNonNull(loaded, file::toString);
    }

    static List<Map<?, ?>> maps(Map<?, ?> of, String key) {
        List<Map<?, ?>> maps = new ArrayList<>();
        Object value = of.get(key);
        if (value != null) {
            ((List<?>) value).forEach(element -> maps.add((Map<?, ?>) element));
        }
        return maps;
    }

    static String text(Map<?, ?> of, String key) {
        return String.valueOf(present(of, key));
    }

    private static Map<?, ?> map(Map<?, ?> of, String key) {
        return (Map<?, ?>) present(of, key);
    }

    private static Object present(Map<?, ?> of, String key) {
        @Nullable Object value = of.get(key);
        return Objects.requireNonNull(value, () -> "no " + key + " in " + of);
    }
}
