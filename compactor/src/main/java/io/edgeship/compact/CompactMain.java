package io.edgeship.compact;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship compact`, `edgeship fleet` and `edgeship bucket …`.
public final class CompactMain {
    /// For whoever runs them in this process.
    public static final List<Command> COMMANDS =
            List.of(new CompactCommand(), new FleetCommand(), new BucketCommand.Ls(), new BucketCommand.Cat());

    private CompactMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(COMMANDS, args));
    }
}
