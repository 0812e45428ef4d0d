package io.edgeship.ship.rewrite;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewriteCounts;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The child process that writes one block anew: `RewriteMain ORDER RESULT OUT`. It prints a number now and then
/// while it gets on, what went wrong to stderr, and ends when its parent does: then stdin does.
public final class RewriteMain {
    /// A source cannot be read: it will not succeed another time.
    static final int BAD_SOURCE = 65;

    /// As the JVM's own `ExitOnOutOfMemoryError` has it.
    static final int NO_MEMORY = 3;

    static final int FAILED = 74;
    static final int ORPHANED = 75;

    private static final String STATUS = "/proc/self/status";
    private static final String PEAK = "VmHWM:";
    private static final int KIB = 1024;
    private static final long SERIES_A_LINE = 512;

    private RewriteMain() {}

    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("parent").start(RewriteMain::endWithParent);
        Runtime.getRuntime().halt(run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])));
    }

    private static int run(Path order, Path result, Path out) {
        try {
            RewriteOrder read = read(order);
            PrintStream progress = System.out;
            Optional<RewrittenBlock> block = BlockRewriter.rewrite(read, out, done -> {
                if (done % SERIES_A_LINE == 0) {
                    progress.println(done);
                }
            });
            RewriteCounts counts = block.map(RewrittenBlock::counts).orElse(new RewriteCounts(Map.of(), Map.of()));
            Files.write(result, new ResultJson(block.map(one -> one.meta().id()), counts, peakRssBytes()).write());
            return 0;
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            return end(BAD_SOURCE, e);
        } catch (IOException | RuntimeException e) {
            return end(FAILED, e);
        } catch (OutOfMemoryError e) {
            return end(NO_MEMORY, e);
        }
    }

    /// No source is to blame for an order that cannot be read: the agent may be of another build.
    private static RewriteOrder read(Path order) throws IOException {
        try {
            return OrderJson.read(order.toString(), Files.readAllBytes(order));
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            throw new IOException(e.getMessage(), e);
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
    static long peakRssBytes() {
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
