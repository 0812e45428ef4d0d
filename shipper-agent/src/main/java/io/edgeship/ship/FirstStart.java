package io.edgeship.ship;

import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// When an agent first worked on a spool, by the machine's clock: what `backfill` counts from. Kept in the spool.
public final class FirstStart {
    private static final String KEPT = "first-start";

    private FirstStart() {}

    /// Of the agent that works on the spool now, where none did before.
    public static Instant of(Spool spool, InstantSource clock) throws IOException {
        Optional<Instant> kept = kept(spool);
        if (kept.isPresent()) {
            return kept.get();
        }
        Instant now = clock.instant();
        spool.keep(KEPT, Long.toString(now.toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
        return now;
    }

    /// What is kept; empty before the first start.
    public static Optional<Instant> kept(Spool spool) throws IOException {
        Optional<byte[]> kept = spool.kept(KEPT);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(kept.get(), StandardCharsets.US_ASCII);
        try {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
        } catch (NumberFormatException e) {
            throw new IOException(
                    "%s holds no time: delete it, then the next start counts as the first"
                            .formatted(spool.dir().resolve(KEPT)),
                    e);
        }
    }
}
