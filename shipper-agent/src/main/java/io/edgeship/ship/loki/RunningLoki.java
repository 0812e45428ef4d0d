package io.edgeship.ship.loki;

import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the running Loki says of itself, asked now and then; without one the configured path has to do. Used by the
/// scanning thread.
final class RunningLoki {
    private static final Log LOG = Log.of(RunningLoki.class);

    private static final Duration ASK_EVERY = Duration.ofMinutes(10);

    /// Chunks that Loki has not written by then go in the next segment.
    private static final Duration FLUSH_MAX = Duration.ofMinutes(5);

    private final LokiConfig config;
    private final Optional<LokiApi> api;
    private final LongSupplier nanoTime;
    private Optional<LokiApi.Facts> facts = Optional.empty();
    private Optional<Long> askedAtNanos = Optional.empty();
    private Optional<Long> flushedAtNanos = Optional.empty();

    RunningLoki(LokiConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
        api = config.url().map(LokiApi::new);
    }

    /// Why the chunks in the configured path are not the running Loki's; empty if they are, as far as is known.
    Optional<String> mismatch() {
        ask();
        return facts.flatMap(known -> mismatch(config, known));
    }

    /// As [#mismatch], of a Loki that says so of itself.
    static Optional<String> mismatch(LokiConfig config, LokiApi.Facts facts) {
        Optional<Path> root = facts.chunkRoot();
        if (root.isEmpty()) {
            return Optional.of("%s writes its chunks into no directory (schema periods: %s): only a Loki with "
                            .formatted(config.url().orElse(""), String.join("; ", facts.periods()))
                    + "object_store: filesystem can be shipped from");
        }
        Path theirs = root.get().normalize();
        if (theirs.equals(config.pathInLoki())) {
            return Optional.empty();
        }
        String named = theirs.toString().isEmpty() ? "its working directory" : theirs.toString();
        return Optional.of(("%s says in /config that it writes its chunks into %s, configured is path: %s. Correct one "
                        + "of the two; where the agent sees the directory under another name, say path_in_loki: %s")
                .formatted(config.url().orElse(""), named, config.pathInLoki(), named));
    }

    /// The longest that a live line is in memory only; empty where Loki was never asked.
    Optional<Duration> chunkDelay() {
        return facts.map(LokiApi.Facts::chunkDelay);
    }

    private void ask() {
        boolean due = askedAtNanos.isEmpty() || nanoTime.getAsLong() - askedAtNanos.get() > ASK_EVERY.toNanos();
        if (api.isEmpty() || !due) {
            return;
        }
        askedAtNanos = Optional.of(nanoTime.getAsLong());
        try {
            facts = Optional.of(api.get().facts());
        } catch (IOException e) {
            LOG.warn("Loki does not say where its chunks lie, the configured path has to do", e, "url", config.url());
        }
    }

    /// Has Loki write what it holds, if that is wanted.
    ///
    /// @return whether all has been written, or as much as is waited for
    boolean isFlushed() {
        if (!config.flush() || api.isEmpty()) {
            return true;
        }
        try {
            if (flushedAtNanos.isEmpty()) {
                flushedAtNanos = Optional.of(nanoTime.getAsLong());
                api.get().flush();
                return false;
            }
            return nanoTime.getAsLong() - flushedAtNanos.get() > FLUSH_MAX.toNanos()
                    || api.get().isFlushed();
        } catch (IOException e) {
            LOG.warn("Loki cannot be flushed, the segment is sealed without", e, "url", config.url());
            return true;
        }
    }

    /// The next segment wants a flush of its own.
    void sealed() {
        flushedAtNanos = Optional.empty();
    }
}
