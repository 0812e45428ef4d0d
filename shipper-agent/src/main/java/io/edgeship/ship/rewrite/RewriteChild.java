package io.edgeship.ship.rewrite;

import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes a block anew in a short-lived process of low priority, whose memory is its own: that of the agent stays
/// small. The child ends with the agent. One order at a time, whoever calls.
public final class RewriteChild implements Rewriter {
    private static final Log LOG = Log.of(RewriteChild.class);

    private static final String ORDER = "order.json";
    private static final String RESULT = "result.json";
    private static final String COMPLAINT = "complaint.txt";
    private static final int COMPLAINT_CHARS_MAX = 500;
    private static final Duration GLANCE = Duration.ofSeconds(1);

    /// What gets no further for so long hangs on a broken disk.
    private static final Duration STALLED = Duration.ofMinutes(30);

    private final List<String> java;
    private final RewriteMeter meter;
    private final Meanwhile meanwhile;
    private final Duration stalled;
    private @Nullable List<String> lowPriority;

    /// What the calling thread does about once a second while the child works.
    @FunctionalInterface
    public interface Meanwhile {
        void run() throws IOException;
    }

    public RewriteChild(RewriteConfig config, RewriteMeter meter, Meanwhile meanwhile) {
        this(java(config), meter, meanwhile, STALLED);
    }

    RewriteChild(List<String> java, RewriteMeter meter, Meanwhile meanwhile, Duration stalled) {
        this.java = List.copyOf(java);
        this.meter = meter;
        this.meanwhile = meanwhile;
        this.stalled = stalled;
    }

    static List<String> java(RewriteConfig config) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xss256k",
                "-Xmx" + config.heapBytes(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                RewriteMain.class.getName());
    }

    @Override
    public synchronized Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out) throws IOException {
        long begun = System.nanoTime();
        boolean done = false;
        try {
            Files.write(out.resolve(ORDER), OrderJson.write(order));
            int code = run(out);
            if (code != 0) {
                throw failure(code, out);
            }
            Path file = out.resolve(RESULT);
            ResultJson result = ResultJson.read(file.toString(), Files.readAllBytes(file));
            meter.done(System.nanoTime() - begun, result.peakRssBytes());
            done = true;
            return block(result, out);
        } finally {
            if (!done) {
                meter.failed(System.nanoTime() - begun);
                clear(out);
            }
        }
    }

    private static Optional<RewrittenBlock> block(ResultJson result, Path out) throws IOException {
        if (result.block().isEmpty()) {
            return Optional.empty();
        }
        Path dir = out.resolve(result.block().get().toString());
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        return Optional.of(new RewrittenBlock(dir, meta, result.counts()));
    }

    private int run(Path out) throws IOException {
        if (lowPriority == null) {
            lowPriority = LowPriority.words();
        }
        List<String> command = new ArrayList<>(lowPriority);
        command.addAll(java);
        for (String name : List.of(ORDER, RESULT)) {
            command.add(out.resolve(name).toString());
        }
        command.add(out.toString());
        File complaint = out.resolve(COMPLAINT).toFile();
        Process child = new ProcessBuilder(command).redirectError(complaint).start();
        LOG.debug("child writes a block anew", "pid", child.pid(), "out", out);
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
                    throw new IOException("writing it anew got no further for " + stalled);
                }
                meanwhile.run();
            }
        }
        return child.exitValue();
    }

    private static IOException failure(int code, Path out) throws IOException {
        String said = Files.readString(out.resolve(COMPLAINT)).strip();
        String why = said.substring(0, Math.min(said.length(), COMPLAINT_CHARS_MAX));
        return switch (code) {
            case RewriteMain.BAD_SOURCE -> new BadSourceException(why);
            case RewriteMain.NO_MEMORY ->
                new IOException("writing it anew takes more than rewrite.memory allows: " + why);
            case RewriteMain.FAILED -> new IOException("writing it anew failed: " + why);
            default -> new IOException("the child that wrote it anew ended with %d: %s".formatted(code, why));
        };
    }

    /// Nothing of a try that failed is left: the next one starts anew.
    private static void clear(Path out) throws IOException {
        DurableFiles files = new DurableFiles(Disk.system());
        for (Path left : DurableFiles.children(out)) {
            files.deleteTree(left);
        }
    }
}
