package io.edgeship.dist;

import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship dist`.
public final class DistMain {
    private DistMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(List.of(new DistCommand()), args));
    }
}
