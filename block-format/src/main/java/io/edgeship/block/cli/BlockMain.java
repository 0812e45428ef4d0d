package io.edgeship.block.cli;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship block …`.
public final class BlockMain {
    private BlockMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(commands(), args));
    }

    static List<Command> commands() {
        return List.of(
                new VerifyCommand(),
                new InspectCommand(),
                new DumpCommand(),
                new DiffCommand(),
                new TranscodeCommand(),
                new MergeCommand(),
                new RewriteCommand(),
                new DownsampleCommand(),
                new CreateCommand(),
                new PackCommand(),
                new UnpackCommand());
    }
}
