package io.edgeship.agent;

import io.edgeship.queue.SpoolLockedException;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.log.Log;
import io.edgeship.runtime.log.Logs;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// `agent`: ships for ever, or once.
final class AgentCommand implements Command {
    private static final Log LOG = Log.of(AgentCommand.class);

    @Override
    public Usage usage() {
        return new Usage(
                "agent",
                "",
                "Seal, queue and ship what Prometheus has finished",
                List.of(
                        new Option("config", "FILE", "agent.yaml"),
                        new Option(
                                "print-config",
                                null,
                                "print each key with the value in force, secrets hidden, and exit"),
                        new Option("once", null, "ship all there is, then exit; 1 if something is left"),
                        new Option(
                                "wait",
                                "DURATION",
                                "with --once: go on so long (10m), through cuts and until the centre's receipts are there"),
                        new Option(
                                "dry-run",
                                null,
                                "list each block, whether it would be shipped, and why, and what the backlog costs: bytes, "
                                        + "days, budget; change nothing"),
                        new Option(
                                "speed",
                                "SIZE",
                                "with --dry-run: what the link carries a second, where link.rate sets no less; 128KiB"),
                        new Option(
                                "force",
                                null,
                                "leave holes that are filled later although a stock Thanos compactor halts on them"),
                        new Option(
                                "release",
                                null,
                                "ship all there is, then let Prometheus go: the agent is being removed")),
                "Each key of the file is an environment variable too: http.listen is EDGESHIP_HTTP_LISTEN.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Path file = Path.of(arguments.requiredValue("config"));
        if (arguments.flag("print-config")) {
            terminal.out().print(AgentConfig.effective(file, System.getenv()));
            return ExitCode.DONE;
        }
        AgentConfig config = AgentConfig.read(file, System.getenv());
        Logs.configure(config.logFormat(), config.logLevel());
        requireNoHoles(config, arguments.flag("force"));
        Duration wait = waitOf(arguments);
        if (arguments.flag("dry-run")) {
            return DryRun.of(config, speedOf(arguments), InstantSource.system()).print(terminal);
        }
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            if (arguments.flag("release")) {
                return release(config, wait, terminal);
            }
            return arguments.flag("once") ? once(config, wait, terminal) : forever(config, stopped);
        } catch (SpoolLockedException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e); // nothing was done
        } finally {
            stopped.countDown();
        }
    }

    private static ExitCode once(AgentConfig config, Duration wait, Terminal terminal) throws Exception {
        try (Progress progress = terminal.progress("shipping");
                Agent agent = Agent.open(config, line(progress))) {
            return agent.once(wait) ? ExitCode.DONE : ExitCode.WORK_LEFT;
        }
    }

    private static void requireNoHoles(AgentConfig config, boolean forced) throws ConfigException {
        Optional<String> holes = config.leavesHoles();
        if (holes.isPresent() && !forced) {
            throw new ConfigException(holes.get() + "; set centre: edgeship, or say --force");
        }
        holes.ifPresent(why -> LOG.warn("forced", "why", why));
    }

    private static Duration waitOf(Arguments arguments) throws UsageException {
        Optional<String> wait = arguments.value("wait");
        if (wait.isEmpty()) {
            return Duration.ZERO;
        }
        if (!arguments.flag("once") && !arguments.flag("release")) {
            throw new UsageException("--wait goes with --once");
        }
        try {
            return Durations.parse(wait.get());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--wait is a duration like 10m: " + e.getMessage());
        }
    }

    private static long speedOf(Arguments arguments) throws UsageException {
        String speed = arguments.value("speed").orElse("128KiB");
        try {
            long bytes = Sizes.parse(speed);
            if (bytes > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--speed is a size like 128KiB: " + e.getMessage());
        }
        throw new UsageException("--speed is more than zero");
    }

    private static UploadProgress line(Progress progress) {
        return (block, confirmed, total) -> progress.update(confirmed, total, "bytes of " + block);
    }

    private static ExitCode forever(AgentConfig config, CountDownLatch stopped) throws IOException, ConfigException {
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, stopped), "stop"));
        try {
            while (true) {
                try (Agent agent = Agent.open(config, UploadProgress.NONE)) {
                    agent.forever();
                }
                LOG.info("opening all sources anew, for one is back");
            }
        } catch (InterruptedException e) {
            return ExitCode.DONE; // SIGTERM: what is not shipped waits in the spool
        }
    }

    /// SIGTERM: interrupts the work, waits until it has come to rest, and ends the process with the exit code of
    /// work done. It does not wait for the worker's thread: that asks for the exit which is under way already, and
    /// so would wait for this one.
    private static void stop(Thread worker, CountDownLatch stopped) {
        boolean working = stopped.getCount() > 0;
        worker.interrupt();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (working) {
            Runtime.getRuntime().halt(ExitCode.DONE.code());
        }
    }

    private static ExitCode release(AgentConfig config, Duration wait, Terminal terminal) throws Exception {
        boolean all;
        try (Progress progress = terminal.progress("shipping");
                Agent agent = Agent.open(config, line(progress))) {
            all = agent.once(wait);
            agent.release();
        }
        for (SourceConfig source : config.sources()) {
            terminal.out().println(source.path() + ": thanos.shipper.json lists what the bucket confirmed");
        }
        if (!config.sources().isEmpty()) {
            terminal.out()
                    .println(
                            "Remove --storage.tsdb.delay-compact-file.path from Prometheus, or start another shipper.");
        }
        if (!all) {
            terminal.out().println("Not everything was shipped: see edgeship queue ls. The spool stays on disk.");
        }
        return all ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    /// For commands beside this one: the configured sources.
    static AgentConfig config(Arguments arguments) throws ConfigException, UsageException {
        return AgentConfig.read(Path.of(arguments.requiredValue("config")), System.getenv());
    }
}
