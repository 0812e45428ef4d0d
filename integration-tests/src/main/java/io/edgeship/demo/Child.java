package io.edgeship.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A program started by us, its output in a file. It ends when it is closed, at the latest with this process (unless
/// that is killed with -9).
public final class Child implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 15;
    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::endAll, "end-children"));
    }

    private final String name;
    private final Path log;
    private final Process process;

    private Child(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /// Starts `command`; stdout and stderr are appended to `log`.
    public static Child start(String name, Path log, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Child child = new Child(name, log, builder.start());
        RUNNING.removeIf(ended -> !ended.isAlive());
        RUNNING.add(child);
        return child;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for the end and returns the exit code.
    ///
    /// @throws IOException if it has not ended in time; it runs on
    public int awaitExit(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("%s has not ended within %d s:%n%s".formatted(name, limit.toSeconds(), tail()));
        }
        return process.exitValue();
    }

    /// Waits for `condition`, which this child is to bring about.
    ///
    /// @throws IOException with the end of the child's output, if it ended before or the time is up
    public void await(String what, Duration limit, Deadline.Condition condition)
            throws IOException, InterruptedException {
        boolean came = Deadline.in(limit).reached(() -> condition.holds() || !isAlive()) && condition.holds();
        if (!came) {
            String end = isAlive() ? "goes on without it" : "ended with exit code " + process.exitValue();
            throw new IOException(
                    "waited up to %d s for %s, but %s %s:%n%s".formatted(limit.toSeconds(), what, name, end, tail()));
        }
    }

    /// SIGTERM: asks the program to end.
    public void terminate() {
        process.destroy();
    }

    /// `kill -9`: the program gets no chance to tidy up.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Everything the program has printed so far.
    public String output() throws IOException {
        return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    }

    private String tail() throws IOException {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    private static void endAll() {
        List<Child> children = List.copyOf(RUNNING);
        children.forEach(child -> child.process.destroy());
        children.forEach(Child::endWithinGrace);
    }

    private void endWithinGrace() {
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// SIGTERM, and `kill -9` if that has not helped after a while.
    @Override
    public void close() {
        process.destroy();
        endWithinGrace();
    }
}
