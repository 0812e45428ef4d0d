package io.edgeship.charts;

import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `compose.yaml` without containers: its services are child processes on loopback, with the very words and files
/// that
/// it has; only names, ports and paths are those of this machine.
final class LocalCompose implements AutoCloseable {
    /// The ports that each service listens on in its container.
    private static final Map<String, List<Integer>> PORTS = Map.of(
            "prometheus", List.of(9090),
            "loki", List.of(3100, 9095),
            "agent", List.of(10902),
            "s3", List.of(9000),
            "compactor", List.of(10912),
            "fleet", List.of(10914),
            "thanos-store", List.of(10901, 10906),
            "thanos-query", List.of(10904, 10903),
            "central-loki", List.of(3200, 9096));

    private final Compose compose;
    private final Path home;
    private final Map<String, Path> programs;
    private final Map<String, Integer> local = new HashMap<>();
    private final List<Child> running = new ArrayList<>();

    /// @param programs by the last part of an image's name
    LocalCompose(Compose compose, Path home, Map<String, Path> programs) throws IOException {
        this.compose = compose;
        this.home = home;
        this.programs = programs;
        for (var service : PORTS.entrySet()) {
            for (int port : service.getValue()) {
                local.put(service.getKey() + ":" + port, LocalPrometheus.freePort());
            }
        }
    }

    /// Starts a service; that it is ready is the caller's to see.
    Child start(String name) throws IOException {
        Compose.Service service = compose.service(name);
        Map<String, Path> paths = mounted(service);
        List<String> words = new ArrayList<>();
        for (String key : List.of("entrypoint", "command")) {
            service.words(key).forEach(word -> words.add(here(service, word, paths)));
        }
        Map<String, String> environment = new HashMap<>();
        service.environment().forEach((key, value) -> environment.put(key, here(service, value, paths)));
        Path log = home.resolve(name + ".log");
        Child child;
        String image = service.image().replaceFirst(":.*", "").replaceFirst(".*/", "");
        if (image.startsWith("edgeship-")) {
            boolean agent = "edgeship-agent".equals(image);
            String main = agent ? "io.edgeship.agent.AgentMain" : "io.edgeship.compact.CompactMain";
            child = EdgeshipProcess.start(name, log, main, List.of(agent ? "-Xmx24m" : "-Xmx128m"), words);
        } else {
            String program = String.valueOf(programs.get(image));
            if (service.words("entrypoint").isEmpty()) {
                words.addFirst(program);
            } else {
                words.replaceAll(word -> word.replace("exec " + image + " ", "exec " + program + " "));
            }
            child = Child.start(name, log, words, environment);
        }
        running.add(child);
        return child;
    }

    /// Lays the files of a service whose program somebody else starts.
    ///
    /// @return the folder that stands for the container's root
    Path lay(String name) throws IOException {
        mounted(compose.service(name));
        return home.resolve("files-of-" + name);
    }

    /// What lies in the container under a path, and where that is here. Files are rewritten for this machine.
    private Map<String, Path> mounted(Compose.Service service) throws IOException {
        Map<String, Path> paths = new HashMap<>();
        for (Compose.Mount mount : service.mounts()) {
            Path target = mount.isNamed()
                    ? home.resolve("volumes").resolve(mount.source())
                    : home.resolve("files-of-" + service.name() + mount.target());
            paths.put(mount.target(), target);
            Files.createDirectories(mount.isNamed() ? target : target.resolveSibling("."));
        }
        for (String tmpfs : service.words("tmpfs")) {
            String target = tmpfs.replaceFirst(":.*", "");
            if (!"/tmp".equals(target)) {
                paths.put(target, Files.createDirectories(home.resolve("tmp-of-" + service.name())));
            }
        }
        for (Compose.Mount mount : service.mounts()) {
            Path source = compose.directory().resolve(mount.source());
            Path target = home.resolve("files-of-" + service.name() + mount.target());
            if (!mount.isNamed() && Files.isDirectory(source)) {
                copy(source, Files.createDirectories(target));
            } else if (!mount.isNamed()) {
                Files.writeString(target, here(service, Files.readString(source), paths));
            }
        }
        return paths;
    }

    /// The files of a folder as they are: none of ours has addresses in it.
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private String here(Compose.Service service, String text, Map<String, Path> paths) {
        String here = addresses(text);
        for (int port : PORTS.getOrDefault(service.name(), List.of())) {
            here = here.replaceAll(
                    "(?<!\\d)" + port + "(?!\\d)", String.valueOf(local.get(service.name() + ":" + port)));
        }
        here = here.replace("0.0.0.0", "127.0.0.1").replaceAll("([\"=]):(?=\\d{4})", "$1127.0.0.1:");
        List<String> longestFirst = paths.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String path : longestFirst) {
            here = here.replaceAll(
                    "(?<![\\w./-])" + Pattern.quote(path) + "(?![\\w.-])",
                    Matcher.quoteReplacement(String.valueOf(paths.get(path))));
        }
        return here;
    }

    /// Services by their names become addresses on loopback.
    String addresses(String text) {
        String here = text;
        for (var each : local.entrySet()) {
            here = here.replaceAll(
                    "(?<![\\w-])" + Pattern.quote(each.getKey()) + "(?!\\d)", "127.0.0.1:" + each.getValue());
        }
        return here;
    }

    @Override
    public void close() {
        running.reversed().forEach(Child::close);
    }
}
