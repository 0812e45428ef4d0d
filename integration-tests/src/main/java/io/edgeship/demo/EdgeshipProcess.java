package io.edgeship.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Our own programs as child processes, on this process's class path.
public final class EdgeshipProcess {
    private EdgeshipProcess() {}

    /// `edgeship agent`, in the small memory of a site.
    public static Child agent(Path log, Path config, String... more) throws IOException {
        return start(
                "agent",
                log,
                "io.edgeship.agent.AgentMain",
                List.of("-Xmx24m"),
                with(List.of("agent", "--config", config.toString()), more));
    }

    /// `edgeship compact`.
    public static Child compactor(Path log, Path config, String... more) throws IOException {
        return start(
                "compactor",
                log,
                "io.edgeship.compact.CompactMain",
                List.of("-Xmx128m"),
                with(List.of("compact", "--config", config.toString()), more));
    }

    /// Any of our mains.
    public static Child start(String name, Path log, String main, List<String> flags, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(words);
        return Child.start(name, log, command, Map.of());
    }

    private static List<String> with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }
}
