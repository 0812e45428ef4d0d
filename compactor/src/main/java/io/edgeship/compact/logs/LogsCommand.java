package io.edgeship.compact.logs;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the commands on the logs' bucket have in common.
public abstract sealed class LogsCommand implements Command permits LogsAuditCommand, LogsRebuildCommand {
    static final Option CONFIG = new Option("config", "FILE", "compactor.yaml");
    static final Option TENANT = new Option("tenant", "TENANT", "this one only");
    static final Option DAY = new Option("day", "YYYY-MM-DD", "this day (UTC) only");

    private final LogsAccess access;

    LogsCommand(LogsAccess access) {
        this.access = access;
    }

    /// All of them.
    public static List<Command> all(LogsAccess access) {
        return List.of(new LogsAuditCommand(access), new LogsRebuildCommand(access));
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        LogsConfig config = access.read(arguments);
        CentralLoki loki = config.loki().read();
        try (Bucket bucket = Buckets.open(config.objstore());
                Progress line = terminal.progress("comparing")) {
            LogsAudit audit = new LogsAudit(
                    bucket, loki, day(arguments), (tenant, looked) -> line.update(looked, 0, "objects, at " + tenant));
            return run(new Work(bucket, loki, audit, arguments.value("tenant"), line), arguments, terminal);
        }
    }

    /// What a command works on.
    ///
    /// @param tenant the only one, or empty for all
    /// @param line   says how far the audit is; to be wiped before anything else is printed
    record Work(Bucket bucket, CentralLoki loki, LogsAudit audit, Optional<String> tenant, Progress line) {
        /// @return how many chunks there are
        long audit(LogsAudit.Findings findings) throws IOException {
            return tenant.isPresent() ? audit.run(tenant.get(), findings) : audit.run(findings);
        }
    }

    abstract ExitCode run(Work work, Arguments arguments, Terminal terminal) throws IOException, UsageException;

    private static OptionalLong day(Arguments arguments) throws UsageException {
        Optional<String> day = arguments.value("day");
        try {
            return day.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(LocalDate.parse(day.get()).toEpochDay());
        } catch (DateTimeParseException e) {
            throw new UsageException("--day " + day.get() + " is no day like 2026-11-26");
        }
    }
}
