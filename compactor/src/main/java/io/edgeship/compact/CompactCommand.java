package io.edgeship.compact;

import io.edgeship.block.json.JsonObject;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.compact.job.CycleScheduler;
import io.edgeship.compact.plan.PlanTable;
import io.edgeship.compact.round.RoundWatcher;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import io.edgeship.runtime.log.Log;
import io.edgeship.runtime.log.Logs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// `compact`: cycles on a schedule, or one.
final class CompactCommand implements Command {
    private static final Log LOG = Log.of(CompactCommand.class);

    static final List<Option> OPTIONS = List.of(new Option("config", "FILE", "compactor.yaml"));

    @Override
    public Usage usage() {
        return new Usage(
                "compact",
                "",
                "Take in what sites sent, compact and downsample, remove what is over, publish each site's freshness",
                List.of(
                        OPTIONS.getFirst(),
                        new Option(
                                "print-config",
                                null,
                                "print each key with the value in force, secrets hidden, and exit"),
                        new Option("once", null, "one cycle, then exit; 1 only if it could not do its work"),
                        new Option("dry-run", null, "say what would be compacted, what it costs, and why not more"),
                        new Option("json", null, "with --dry-run: as JSON")),
                "");
    }

    static CompactorConfig config(Arguments arguments) throws ConfigException, UsageException {
        CompactorConfig config = CompactorConfig.read(Path.of(arguments.requiredValue("config")), System.getenv());
        Logs.configure(config.logFormat(), config.logLevel());
        return config;
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.flag("print-config")) {
            Path file = Path.of(arguments.requiredValue("config"));
            terminal.out().print(CompactorConfig.effective(file, System.getenv()));
            return ExitCode.DONE;
        }
        CompactorConfig config = config(arguments);
        Metrics registry = new Metrics();
        try (Bucket bucket = Buckets.open(config.objstore(), registry.registry());
                LogsRole logs = LogsRole.open(config, registry)) {
            if (arguments.flag("dry-run")) {
                terminal.out().print(text(new Cycle(bucket, config).dryRun(), arguments.flag("json")));
                return ExitCode.DONE;
            }
            if (!arguments.flag("once")) {
                Cycle cycle = new Cycle(bucket, config, bucket::clock, RoundWatcher.NONE, logs);
                logs.probe();
                return forever(bucket, cycle, config, registry);
            }
            StoreProbe.run(bucket);
            logs.probe();
            return once(bucket, config, logs, terminal);
        }
    }

    private static ExitCode once(Bucket bucket, CompactorConfig config, LogsRole logs, Terminal terminal)
            throws IOException, InterruptedException {
        Cycle.Result result;
        try (RoundProgress progress = new RoundProgress(terminal)) {
            result = new Cycle(bucket, config, bucket::clock, progress, logs).run();
        }
        terminal.out().print(summary(result));
        return Readiness.isGood(result.upkeep()) && result.logs().problem().isEmpty()
                ? ExitCode.DONE
                : ExitCode.WORK_LEFT;
    }

    private static String text(Cycle.DryRun dryRun, boolean json) {
        if (json) {
            JsonObject plans = PlanTable.json(dryRun.planned())
                    .withUnlessEmpty("refused", dryRun.refused().orElse(""));
            return new String(plans.toIndentedBytes(), StandardCharsets.UTF_8);
        }
        String refused = dryRun.refused()
                .map("a cycle would refuse to compact, mark and remove: %s%n"::formatted)
                .orElse("");
        return refused + PlanTable.print(dryRun.planned());
    }

    private static String summary(Cycle.Result result) {
        Cleaner.Cleaned cleaned = result.cleaned();
        String summary =
                "%d blocks of %d sites, %d incomplete, %d partial; removed %d abandoned uploads and %d marked blocks%n"
                        .formatted(
                                result.view().blocks().size(),
                                result.sites().size(),
                                result.incomplete(),
                                result.view().partial().size(),
                                cleaned.uploads().size(),
                                cleaned.marked().size());
        if (result.held() > 0) {
            summary += "%d partial blocks are left alone whatever their age: see edgeship bucket ls%n"
                    .formatted(result.held());
        }
        if (cleaned.failures() > 0) {
            summary += "%d blocks could not be removed, the next cycle tries again%n".formatted(cleaned.failures());
        }
        return summary
                + CompactionSummary.of(result.upkeep())
                + taken("inbox", result.taken())
                + LogsRole.summary(result.logs())
                + taken("logs", result.logs().taken());
    }

    /// Nothing where nothing is in the inbox.
    private static String taken(String inbox, IntakeResult taken) {
        if (taken.equals(IntakeResult.NOTHING)) {
            return "";
        }
        String words = "%s: %d items accepted, %d lack pieces, %d rejected, %d too new, %d waiting, %d of them held%n"
                .formatted(
                        inbox,
                        taken.accepted(),
                        taken.missing(),
                        taken.rejected(),
                        taken.tooNew(),
                        taken.waiting(),
                        taken.held());
        return taken.failures() == 0
                ? words
                : words + "%d items could not be worked on, the next cycle tries again%n".formatted(taken.failures());
    }

    private static ExitCode forever(Bucket bucket, Cycle cycle, CompactorConfig config, Metrics registry)
            throws IOException, ConfigException, InterruptedException {
        CompactorMetrics metrics = new CompactorMetrics(registry.registry());
        Health health = new Health();
        health.problem("cycle", "the first one has not finished yet");
        try (StopSignal stop = StopSignal.install();
                OpsServer _ = OpsServer.start(config.http(), registry, health)) {
            metrics.probed(StoreProbe.run(bucket));
            try (CycleScheduler _ = CycleScheduler.start(config.schedule(), () -> run(cycle::run, metrics, health))) {
                stop.await();
                cycle.stop();
            }
        }
        return ExitCode.DONE;
    }

    /// A cycle.
    interface Work {
        Cycle.Result run() throws IOException, InterruptedException;
    }

    /// One cycle of many. An [Error], such as too little memory, is Quartz's to log; it too makes the process not
    /// ready.
    static void run(Work cycle, CompactorMetrics metrics, Health health) {
        boolean told = false;
        try {
            Cycle.Result result = cycle.run();
            metrics.finished(result);
            health.ok("cycle");
            Readiness.tell(result.upkeep(), health);
            Readiness.tell(result.logs(), health);
            told = true;
            LOG.info(
                    "cycle finished",
                    "blocks",
                    result.view().blocks().size(),
                    "sites",
                    result.sites().size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            metrics.failed();
            health.problem("cycle", String.valueOf(e.getMessage()));
            told = true;
            LOG.error("cycle did not finish, the next one tries again", e);
        } finally {
            if (!told) {
                metrics.failed();
                health.problem("cycle", "it ended with an error of the Java VM, see the log");
            }
        }
    }
}
