package io.edgeship.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.demo.LocalPrometheus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Real programs that a test needs and that are not ours. Without one the test is skipped, with the reason.
final class Program {
    private static final List<Path> FAKETIME = Stream.of("x86_64", "aarch64")
            .map(machine -> Path.of("/usr/lib/" + machine + "-linux-gnu/faketime/libfaketime.so.1"))
            .toList();

    private Program() {}

    /// Prometheus, any version: the environment's, else the one on the PATH.
    static Path prometheus() {
        return named("EDGESHIP_PROMETHEUS")
                .or(() -> onPath("prometheus"))
                .orElseGet(() -> skip("prometheus", "EDGESHIP_PROMETHEUS"));
    }

    /// Prometheus 3.9 or later, which no Debian has yet: only the environment's.
    static Path newPrometheus() {
        return named("EDGESHIP_PROMETHEUS").orElseGet(() -> skip("prometheus >= 3.9", "EDGESHIP_PROMETHEUS"));
    }

    static Path promtool() {
        return named("EDGESHIP_PROMTOOL")
                .or(() -> onPath("promtool"))
                .orElseGet(() -> skip("promtool", "EDGESHIP_PROMTOOL"));
    }

    static Path thanos() {
        return named("EDGESHIP_THANOS").or(() -> onPath("thanos")).orElseGet(() -> skip("thanos", "EDGESHIP_THANOS"));
    }

    static Path loki() {
        return named("EDGESHIP_LOKI").or(() -> onPath("loki")).orElseGet(() -> skip("loki", "EDGESHIP_LOKI"));
    }

    static Path minio() {
        return named("EDGESHIP_MINIO").or(() -> onPath("minio")).orElseGet(() -> skip("minio", "EDGESHIP_MINIO"));
    }

    /// Grafana's server: only the environment's.
    static Path grafana() {
        return named("EDGESHIP_GRAFANA").orElseGet(() -> skip("grafana", "EDGESHIP_GRAFANA"));
    }

    /// The library that moves a program's clock: the environment's, else Debian's.
    static Path faketime() {
        return Optional.ofNullable(System.getenv("EDGESHIP_FAKETIME_LIBRARY"))
                .map(Path::of)
                .or(() -> FAKETIME.stream().filter(Files::exists).findFirst())
                .orElseGet(() -> skip("libfaketime.so.1 (Debian: libfaketime)", "EDGESHIP_FAKETIME_LIBRARY"));
    }

    /// Whether the environment says which program to take, which tests may then ask more of.
    static boolean isNamed(String variable) {
        return named(variable).isPresent();
    }

    private static Optional<Path> onPath(String program) {
        return LocalPrometheus.onPath(program);
    }

    private static Optional<Path> named(String variable) {
        Optional<Path> program = Optional.ofNullable(System.getenv(variable))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
        program.ifPresent(path -> {
            if (!Files.isExecutable(path)) {
                throw new IllegalArgumentException(variable + " names " + path + ", which is no program");
            }
        });
        return program;
    }

    private static Path skip(String program, String variable) {
        assumeTrue(false, "no " + program + " found; " + variable + " may name one");
        throw new IllegalStateException("not reached: the assumption does not hold");
    }
}
