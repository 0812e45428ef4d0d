package io.edgeship.compact;

import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A part of a cycle that may take long: where it does, a line says so while it does, and another once it is over. To
/// be closed by the thread that began it.
final class Phase implements AutoCloseable {
    private static final Log LOG = Log.of(Phase.class);

    /// Quicker ones say nothing.
    static final Duration LONG = Duration.ofSeconds(2);

    private final String name;
    private final Consumer<String> lines;
    private final CountDownLatch over = new CountDownLatch(1);
    private final long begunNanos = System.nanoTime();
    private final Thread watch;
    private boolean isTold; // by the watch, and read once that has ended

    private Phase(String name, Duration after, Consumer<String> lines) {
        this.name = name;
        this.lines = lines;
        watch = Thread.ofVirtual().unstarted(() -> tell(after));
    }

    /// @param name what is done, such as `listing the bucket`
    static Phase of(String name) {
        return of(name, LONG, line -> LOG.info(line));
    }

    static Phase of(String name, Duration after, Consumer<String> lines) {
        Phase phase = new Phase(name, after, lines);
        phase.watch.start();
        return phase;
    }

    private void tell(Duration after) {
        try {
            if (!over.await(after.toMillis(), TimeUnit.MILLISECONDS)) {
                isTold = true;
                lines.accept(name + " goes on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (isTold) {
            lines.accept(
                    "%s took %d ms".formatted(name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos)));
        }
    }
}
