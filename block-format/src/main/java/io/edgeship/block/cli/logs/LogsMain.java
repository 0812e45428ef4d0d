package io.edgeship.block.cli.logs;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import java.util.List;

/// Runs `edgeship logs …`.
public final class LogsMain {
    private LogsMain() {}

    public static void main(String[] args) {
        System.exit(Commands.run(commands(), args));
    }

    static List<Command> commands() {
        return List.of(
                new LogsVerifyCommand(), new LogsDumpCommand(), new LogsIndexCommand(), new LogsRewriteCommand());
    }
}
