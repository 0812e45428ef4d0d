package io.edgeship.dist;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `edgeship-VERSION.cdx.json`: what Maven says of the jars, and what the images have beside them.
final class Bom {
    private Bom() {}

    static Path write(Project project, Jdk jdk, SystemLibraries libraries, Path directory) throws IOException {
        Path source = project.root().resolve("target/bom.json");
        Map<String, Object> bom = JSON.std.mapFrom(Files.readString(source));
        List<Object> components = new ArrayList<>((List<?>) bom.getOrDefault("components", List.of()));
        if (components.isEmpty()) {
            throw new IOException(source + ": lists no component");
        }
        components.add(component("jdk", jdk.vendor(), jdk.version(), "GPL-2.0-with-classpath-exception"));
        components.add(component("glibc", "GNU", libraries.version(), "LGPL-2.1-or-later"));
        bom.put("components", components);
        Path target = directory.resolve("edgeship-" + project.version() + ".cdx.json");
        Files.writeString(
                target, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(bom) + "\n");
        return target;
    }

    private static Map<String, Object> component(String name, String publisher, String version, String licence) {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "platform");
        component.put("bom-ref", name + "@" + version);
        component.put("publisher", publisher);
        component.put("name", name);
        component.put("version", version);
        component.put("licenses", List.of(Map.of("license", Map.of("id", licence))));
        return component;
    }
}
