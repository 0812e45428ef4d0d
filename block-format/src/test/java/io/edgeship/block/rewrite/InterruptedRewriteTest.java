package io.edgeship.block.rewrite;

import static io.edgeship.block.rewrite.Orders.names;
import static io.edgeship.block.rewrite.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rewrite that comes to no end leaves no block behind.
class InterruptedRewriteTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final Path MERGED = GOLDEN.resolve("01M83GR348Y4934FR7CE7TVV09");
    private static final Path LATE = GOLDEN.resolve("01M83GR33SV16GR47WYFEMG59E");
    private static final int INTERRUPTIONS = 20;

    @TempDir
    private Path dir;

    private int outs;

    @Test
    void aRewriteThatEndsEarlyLeavesNothing() throws IOException {
        RewriteOrder order = order(LATE, MERGED);
        for (int end : new int[] {1, 2, 100, 500}) {
            Path out = out();
            assertThatThrownBy(() -> BlockRewriter.rewrite(order, out, done -> {
                        assertThat(names(out)).allMatch(name -> name.endsWith(".tmp-for-creation"));
                        if (done == end) {
                            throw new IllegalStateException("ended");
                        }
                    }))
                    .hasMessage("ended");
            assertThat(out).isEmptyDirectory();
        }
    }

    /// Where the interruption comes, the next read or write fails: of chunks, of the index, of meta.json, or none any
    /// more.
    @Test
    void whereverAWriteFailsTheBlockIsThereWholeOrNotAtAll() throws IOException {
        RewriteOrder order = order(LATE, MERGED);
        long began = System.nanoTime();
        BlockRewriter.rewrite(order, out(), _ -> {});
        long nanos = System.nanoTime() - began;
        int failed = 0;
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < INTERRUPTIONS; i++) {
                Path out = out();
                Interruption interruption = new Interruption(Thread.currentThread());
                ScheduledFuture<?> coming =
                        clock.schedule(interruption::come, nanos * i / INTERRUPTIONS, TimeUnit.NANOSECONDS);
                try {
                    BlockRewriter.rewrite(order, out, _ -> {});
                } catch (IOException e) {
                    failed++;
                } finally {
                    interruption.isLate();
                    coming.cancel(false);
                }
                for (String name : names(out)) {
                    assertThat(BlockVerifier.verify(out.resolve(name))).isInstanceOf(Verdict.Sound.class);
                }
            }
        }
        assertThat(failed).isPositive();
    }

    private static final class Interruption {
        private final Thread thread;
        private boolean late;

        Interruption(Thread thread) {
            this.thread = thread;
        }

        synchronized void come() {
            if (!late) {
                thread.interrupt();
            }
        }

        /// It does not come any more; if it has, the thread forgets it.
        synchronized void isLate() {
            late = true;
            boolean forgotten = Thread.interrupted();
            assertThat(forgotten && Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    private Path out() throws IOException {
        return Files.createDirectory(dir.resolve("out-" + outs++));
    }
}
