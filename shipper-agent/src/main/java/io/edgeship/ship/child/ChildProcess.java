package io.edgeship.ship.child;

import io.edgeship.runtime.log.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs a program of this build, a [ChildMain], in a process of low priority whose memory is its own. The child ends
/// with this process. One at a time, whoever calls.
public final class ChildProcess {
    private static final Log LOG = Log.of(ChildProcess.class);

    private static final int COMPLAINT_CHARS_MAX = 500;
    private static final Duration GLANCE = Duration.ofSeconds(1);

    /// What gets no further for so long hangs on a broken disk.
    private static final Duration STALLED = Duration.ofMinutes(30);

    private final List<String> java;
    private final Meanwhile meanwhile;
    private final Duration stalled;
    private @Nullable List<String> lowPriority;

    /// What the calling thread does about once a second while the child works.
    @FunctionalInterface
    public interface Meanwhile {
        void run() throws IOException;
    }

    /// @param java words of the command before a child's own arguments
    public ChildProcess(List<String> java, Meanwhile meanwhile) {
        this(java, meanwhile, STALLED);
    }

    /// @param stalled a child that says nothing for so long is killed
    public ChildProcess(List<String> java, Meanwhile meanwhile, Duration stalled) {
        this.java = List.copyOf(java);
        this.meanwhile = meanwhile;
        this.stalled = stalled;
    }

    /// The words that run a class of this build.
    public static List<String> java(long heapBytes, Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xss256k",
                "-Xmx" + heapBytes,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }

    /// Runs it to its end.
    ///
    /// @param complaint gets what it says of its trouble
    /// @return 0, or what [ChildMain] says it ends with
    /// @throws IOException if it could not be started, got no further, or the agent stops
    public synchronized int run(List<String> arguments, Path complaint) throws IOException {
        if (lowPriority == null) {
            lowPriority = LowPriority.words();
        }
        List<String> command = new ArrayList<>(lowPriority);
        command.addAll(java);
        command.addAll(arguments);
        Process child =
                new ProcessBuilder(command).redirectError(complaint.toFile()).start();
        LOG.debug("child works", "pid", child.pid(), "arguments", arguments);
        try {
            return await(child);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the agent is stopping");
        } finally {
            child.destroyForcibly();
            child.onExit().join(); // it writes nothing after this
        }
    }

    private int await(Process child) throws IOException, InterruptedException {
        long lastNews = System.nanoTime();
        try (BufferedReader news = child.inputReader(StandardCharsets.US_ASCII)) {
            while (!child.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                while (news.ready()) {
                    news.readLine();
                    lastNews = System.nanoTime();
                }
                if (System.nanoTime() - lastNews > stalled.toNanos()) {
                    throw new IOException("the child got no further for " + stalled);
                }
                meanwhile.run();
            }
        }
        return child.exitValue();
    }

    /// What a child that failed had to say.
    ///
    /// @param code what it ended with
    /// @param work what it was about, like `packing`
    public static String words(int code, String work, Path complaint) throws IOException {
        String said = Files.readString(complaint).strip();
        String why = said.substring(0, Math.min(said.length(), COMPLAINT_CHARS_MAX));
        return switch (code) {
            case ChildMain.NO_MEMORY -> "%s takes more than rewrite.memory allows: %s".formatted(work, why);
            case ChildMain.BAD_SOURCE -> why;
            case ChildMain.FAILED -> "%s failed: %s".formatted(work, why);
            default -> "the child ended with %d at %s: %s".formatted(code, work, why);
        };
    }
}
