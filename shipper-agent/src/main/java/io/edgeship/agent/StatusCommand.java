package io.edgeship.agent;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.agent.status.StatusJson;
import io.edgeship.agent.status.StatusText;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.http.OpsClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `status`: how the site fares.
final class StatusCommand implements Command {
    @Override
    public Usage usage() {
        List<Option> options = new ArrayList<>(StatusAsked.OPTIONS);
        options.add(new Option("json", null, "as /status.json"));
        return new Usage(
                "status",
                "",
                "Say how the site fares: the link, the budget, what waits, what was lost",
                options,
                "Asks the running agent; where none answers, reads the spool. Exits with 1 where the agent is not ready or "
                        + "does not answer.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        AgentConfig config = AgentCommand.config(arguments);
        OpsClient client = StatusAsked.client(config, arguments);
        SiteStatus status;
        try {
            status = StatusAsked.ask(client);
        } catch (IOException e) {
            terminal.err()
                    .println("no agent answers at " + client.base() + " (" + e.getMessage()
                            + "); this is what the spool says:");
            status = StatusAsked.look(config);
        }
        terminal.out().print(arguments.flag("json") ? StatusJson.write(status) + "\n" : StatusText.of(status));
        return status.live() && status.ready() ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }
}
