package io.edgeship.demo;

import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship demo`.
public final class DemoMain {
    private DemoMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(List.of(new DemoCommand()), args));
    }
}
