package io.edgeship.agent;

import io.edgeship.agent.check.Checkup;
import io.edgeship.agent.check.LogsSetup;
import io.edgeship.agent.check.Report;
import io.edgeship.agent.check.Setup;
import io.edgeship.bucket.StoreClock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.log.Logs;
import java.util.List;
import java.util.Optional;

/// `check`: whether a site is set up well; works before the agent's first start and beside a running one.
final class CheckCommand implements Command {
    /// A holiday, or a spare part that has to be sent for; a day less than what Prometheus keeps by default.
    private static final String OFFLINE_DAYS = "14";

    private static final int OFFLINE_DAYS_MAX = 3650;

    @Override
    public Usage usage() {
        return new Usage(
                "check",
                "",
                "Say whether this site is set up well, and what to mend: 1 if anything fails",
                List.of(
                        new Option("config", "FILE", "agent.yaml"),
                        new Option(
                                "offline-days",
                                "N",
                                "how long the site shall live without a link and lose nothing; 14"),
                        new Option("json", null, "print the findings as JSON"),
                        new Option("no-network", null, "ask the store nothing")),
                "Run it as the user and in the container that the agent runs as. Each line: docs/operations/check.md");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        AgentConfig config = AgentCommand.config(arguments);
        Logs.configure(config.logFormat(), Logs.Level.ERROR); // what is wrong is said in findings
        boolean json = arguments.flag("json");
        Setup setup = new Setup(
                config.site(),
                config.siteLabel(),
                config.sources(),
                config.objstore().config(),
                config.link(),
                config.http(),
                config.spool()::limits,
                config.transport().isThroughInbox(),
                offlineDays(arguments),
                !arguments.flag("no-network"));
        StoreClock clock = StoreClock.system();
        KeptTime.recallBeside(config.spools(), clock.certificates());
        Report report = Checkup.run(setup, logs(config), clock, finding -> {
            if (!json) {
                terminal.out().println(finding.line());
            }
        });
        terminal.out().println(json ? report.json() : report.total());
        return report.failed() ? ExitCode.WORK_LEFT : ExitCode.DONE;
    }

    private static Optional<LogsSetup> logs(AgentConfig config) throws ConfigException {
        return config.logsObjstore().isPresent()
                ? Optional.of(new LogsSetup(
                        config.lokis(), config.logsObjstore().get().config()))
                : Optional.empty();
    }

    private static int offlineDays(Arguments arguments) throws UsageException {
        try {
            int days = Integer.parseInt(arguments.value("offline-days").orElse(OFFLINE_DAYS));
            if (days >= 1 && days <= OFFLINE_DAYS_MAX) {
                return days;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--offline-days is a number of days: " + e.getMessage());
        }
        throw new UsageException("--offline-days is 1 to " + OFFLINE_DAYS_MAX);
    }
}
