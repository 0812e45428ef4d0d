package io.edgeship.charts;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;

/// What a test needs and is not ours: named by the environment, or the test is skipped with the reason.
final class Peer {
    private Peer() {}

    static Path named(String variable) {
        Optional<String> name = Optional.ofNullable(System.getenv(variable)).filter(text -> !text.isEmpty());
        assumeTrue(name.isPresent(), variable + " names nothing");
        return Path.of(name.orElseThrow());
    }
}
