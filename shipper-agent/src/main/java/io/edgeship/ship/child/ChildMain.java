package io.edgeship.ship.child;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How a child process runs: it prints something now and then while it gets on, what went wrong to stderr, and ends
/// when its parent does: then stdin does.
public final class ChildMain {
    /// What it reads is damaged: it will not succeed another time.
    public static final int BAD_SOURCE = 65;

    /// As the JVM's own `ExitOnOutOfMemoryError` has it.
    public static final int NO_MEMORY = 3;

    public static final int FAILED = 74;
    private static final int ORPHANED = 75;

    private static final String STATUS = "/proc/self/status";
    private static final String PEAK = "VmHWM:";
    private static final int KIB = 1024;

    private ChildMain() {}

    /// What the child is for.
    @FunctionalInterface
    public interface Work {
        /// @throws CorruptFormatException      if what it reads is damaged
        /// @throws UnsupportedVersionException if what it reads is of a later version
        /// @throws IOException                 if it may well succeed another time
        void run() throws IOException;
    }

    /// Does not return.
    public static void run(Work work) {
        Thread.ofPlatform().daemon().name("parent").start(ChildMain::endWithParent);
        Runtime.getRuntime().halt(code(work));
    }

    private static int code(Work work) {
        try {
            work.run();
            return 0;
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return end(BAD_SOURCE, e);
        } catch (IOException | RuntimeException e) {
            return end(FAILED, e);
        } catch (OutOfMemoryError e) {
            return end(NO_MEMORY, e);
        }
    }

    private static int end(int code, Throwable e) {
        System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
        return code;
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    /// Largest resident memory of this process so far; 0 where the system does not say.
    public static long peakRssBytes() {
        try (var lines = Files.lines(Path.of(STATUS))) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kib -> Long.parseLong(kib) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
