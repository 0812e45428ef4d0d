package io.edgeship.compact;

import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship compact`, `edgeship fleet` and `edgeship bucket …`.
public final class CompactMain {
    private CompactMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(
                List.of(new CompactCommand(), new FleetCommand(), new BucketCommand.Ls(), new BucketCommand.Cat()),
                args));
    }
}
