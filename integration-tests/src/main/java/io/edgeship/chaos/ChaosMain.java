package io.edgeship.chaos;

import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs a [ChaosProxy] by itself.
public final class ChaosMain {
    private ChaosMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(List.of(new ChaosCommand()), args));
    }
}
