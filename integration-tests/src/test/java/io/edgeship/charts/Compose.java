package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A `compose.yaml`, with what ours uses of it.
///
/// @param directory that its relative names are meant from
record Compose(Path directory, Map<?, ?> text) {
    static final Path QUICKSTART =
            Path.of("../deploy/quickstart").toAbsolutePath().normalize();

    static Compose quickstart() {
        return new Compose(QUICKSTART, (Map<?, ?>) Chart.parse(Chart.read(QUICKSTART.resolve("compose.yaml"))));
    }

    /// @param source a named volume, or a path that begins with a dot
    record Mount(String source, String target) {
        boolean isNamed() {
            return !source.startsWith(".");
        }
    }

    /// @param keys as they are in the file
    record Service(String name, Map<?, ?> keys) {
        String image() {
            return at(keys, "image").toString();
        }

        List<String> words(String key) {
            return keys.get(key) instanceof List<?> list
                    ? list.stream().map(Object::toString).toList()
                    : List.of();
        }

        Map<String, String> environment() {
            Map<String, String> variables = new LinkedHashMap<>();
            if (keys.get("environment") instanceof Map<?, ?> map) {
                map.forEach((name, value) -> variables.put(name.toString(), value.toString()));
            }
            return variables;
        }

        List<Mount> mounts() {
            return words("volumes").stream()
                    .map(each -> each.split(":"))
                    .map(parts -> new Mount(parts[0], parts[1]))
                    .toList();
        }

        Set<?> dependsOn() {
            return switch (keys.get("depends_on")) {
                case Map<?, ?> map -> map.keySet();
                case List<?> list -> Set.copyOf(list);
                case null, default -> Set.of();
            };
        }
    }

    List<Service> services() {
        List<Service> services = new ArrayList<>();
        ((Map<?, ?>) at(text, "services"))
                .forEach((name, keys) -> services.add(new Service(name.toString(), (Map<?, ?>) keys)));
        return services;
    }

    Service service(String name) {
        return services().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
