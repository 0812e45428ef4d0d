package io.edgeship.agent;

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
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.log.Logs;
import io.edgeship.ship.BlockChoice;
import io.edgeship.ship.Found;
import io.edgeship.ship.Preview;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// `agent`: ships for ever, or once.
final class AgentCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "agent",
                "",
                "Seal, queue and ship what Prometheus has finished",
                List.of(
                        new Option("config", "FILE", "agent.yaml"),
                        new Option("once", null, "ship all there is, then exit; 1 if something is left"),
                        new Option(
                                "dry-run",
                                null,
                                "list each block, whether it would be shipped, and why; change nothing"),
                        new Option(
                                "release",
                                null,
                                "ship all there is, then let Prometheus go: the agent is being removed")),
                "Each key of the file is an environment variable too: http.listen is EDGESHIP_HTTP_LISTEN.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        AgentConfig config = AgentConfig.read(Path.of(arguments.requiredValue("config")), System.getenv());
        Logs.configure(config.logFormat(), config.logLevel());
        if (arguments.flag("dry-run")) {
            return dryRun(config, terminal);
        }
        boolean once = arguments.flag("once") || arguments.flag("release");
        CountDownLatch stopped = new CountDownLatch(1);
        try (Progress progress = terminal.progress("shipping");
                Agent agent = Agent.open(config, once ? line(progress) : UploadProgress.NONE)) {
            if (arguments.flag("release")) {
                return release(agent, config, terminal);
            }
            if (once) {
                return agent.once() ? ExitCode.DONE : ExitCode.WORK_LEFT;
            }
            return forever(agent, stopped);
        } finally {
            stopped.countDown();
        }
    }

    private static UploadProgress line(Progress progress) {
        return (block, confirmed, total) -> progress.update(confirmed, total, "bytes of " + block);
    }

    private static ExitCode forever(Agent agent, CountDownLatch stopped) throws IOException {
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, stopped), "stop"));
        try {
            agent.forever();
            return ExitCode.DONE;
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

    private static ExitCode release(Agent agent, AgentConfig config, Terminal terminal)
            throws IOException, InterruptedException {
        boolean all = agent.once();
        agent.release();
        for (SourceConfig source : config.sources()) {
            terminal.out().println(source.path() + ": thanos.shipper.json lists what the bucket confirmed");
        }
        terminal.out()
                .println("Remove --storage.tsdb.delay-compact-file.path from Prometheus, or start another shipper.");
        if (!all) {
            terminal.out().println("Not everything was shipped: see edgeship queue ls. The spool stays on disk.");
        }
        return all ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static ExitCode dryRun(AgentConfig config, Terminal terminal) throws IOException, ConfigException {
        for (SourceConfig source : config.sources()) {
            Agent.requireDirectory(source.path());
            for (var entry : Preview.of(source, InstantSource.system()).entrySet()) {
                print(entry.getKey(), entry.getValue(), terminal);
            }
        }
        return ExitCode.DONE;
    }

    private static void print(Found block, BlockChoice choice, Terminal terminal) throws IOException {
        String what = switch (choice) {
            case BlockChoice.Take(var replaces) -> replaces.isEmpty() ? "take" : "take, replaces " + replaces;
            case BlockChoice.Known(var place) -> "known, in " + place.directory();
            case BlockChoice.Skip(var reason) -> "skip: " + reason;
            case BlockChoice.Hold(var reason) -> "hold: " + reason;
            case BlockChoice.Keep(var reason) -> "take, not ship: " + reason;
        };
        try (Stream<Path> files = Files.walk(block.dir())) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            terminal.out().println("%s  %10s  %s".formatted(block.meta().id(), Sizes.print(bytes), what));
        }
    }

    /// For commands beside this one: the configured sources.
    static AgentConfig config(Arguments arguments) throws ConfigException, UsageException {
        return AgentConfig.read(Path.of(arguments.requiredValue("config")), System.getenv());
    }
}
