package io.edgeship.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What Helm printed. A key that is there twice makes reading it fail.
record Rendering(String text) {
    /// Its objects in Helm's order.
    List<Map<?, ?>> objects() {
        List<Map<?, ?>> objects = new ArrayList<>();
        LoadSettings strict =
                LoadSettings.builder().setAllowDuplicateKeys(false).build();
        for (Object object : new Load(strict).loadAllFromString(text)) {
            if (object != null) {
                objects.add((Map<?, ?>) object);
            }
        }
        return objects;
    }

    List<Map<?, ?>> ofKind(String kind) {
        return objects().stream()
                .filter(object -> kind.equals(object.get("kind")))
                .toList();
    }

    /// The only object of a kind.
    Map<?, ?> the(String kind) {
        List<Map<?, ?>> found = ofKind(kind);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of kind " + kind + " in\n" + text);
        }
        return found.getFirst();
    }

    /// The file of that name in whatever ConfigMap has it.
    String file(String name) {
        for (Map<?, ?> object : ofKind("ConfigMap")) {
            if (at(object, "data") instanceof Map<?, ?> files && files.get(name) instanceof String text) {
                return text;
            }
        }
        throw new AssertionError("no file " + name + " in\n" + text);
    }

    /// What lies under the keys; numbers count in lists.
    static Object at(Object object, Object... keys) {
        Object found = object;
        for (Object key : keys) {
            found = switch (found) {
                case Map<?, ?> map when map.containsKey(key) -> map.get(key);
                case List<?> list when key instanceof Integer index && index < list.size() -> list.get(index);
                default -> throw new AssertionError("no " + key + " in " + found);
            };
        }
        return found;
    }

    /// The pods that a Deployment, a CronJob or a Job makes.
    Stream<Map<?, ?>> pods() {
        return objects().stream()
                .filter(object -> List.of("Deployment", "CronJob").contains(object.get("kind")))
                .map(object -> (Map<?, ?>)
                        ("CronJob".equals(object.get("kind"))
                                ? at(object, "spec", "jobTemplate", "spec", "template")
                                : at(object, "spec", "template")));
    }
}
