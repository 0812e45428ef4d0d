package io.edgeship.agent;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import java.security.Security;
import java.util.List;

/// Runs `edgeship agent`, `edgeship check`, `edgeship status`, `edgeship queue …` and `edgeship reduce`.
public final class AgentMain {
    /// For whoever runs them in this process.
    public static final List<Command> COMMANDS = List.of(
            new AgentCommand(),
            new CheckCommand(),
            new StatusCommand(),
            new QueueLs(),
            new QueueCommand.Show(),
            new QueueCommand.Retry(),
            new ReshipCommand(),
            new QueueCommand.Drop(),
            new ReduceCommand());

    private AgentMain() {}

    public static void main(String[] args) {
        // A name that could not be looked up while the link was down is asked for again as soon as it is back.
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        System.exit(Commands.run(COMMANDS, args));
    }
}
