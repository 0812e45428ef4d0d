package io.edgeship.agent;

import io.edgeship.bucket.CertificateClock;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/// Keeps the time that was trusted last in the sources' spools, so that it survives a restart: written once a day and
/// at the end. Used by one thread at a time.
final class KeptTime {
    private static final Log LOG = Log.of(KeptTime.class);
    private static final String FILE = "trusted-time";
    private static final Duration EVERY = Duration.ofDays(1);

    /// Less is not worth a write.
    private static final Duration AT_THE_END = Duration.ofMinutes(1);

    private final List<Spool> spools;
    private final CertificateClock clock;
    private Optional<Instant> kept = Optional.empty();

    KeptTime(List<Spool> spools, CertificateClock clock) {
        this.spools = List.copyOf(spools);
        this.clock = clock;
    }

    /// Tells the clock what was kept; the latest, where the spools disagree.
    void recall() throws IOException {
        for (Spool spool : spools) {
            Optional<Instant> here = spool.kept(FILE).flatMap(content -> read(content, spool));
            if (here.isPresent() && kept.filter(here.get()::isBefore).isEmpty()) {
                kept = here;
            }
        }
        kept.filter(clock.atLeast()::isBefore).ifPresent(clock::trust);
    }

    /// The same beside agents that run: their spools are only looked at.
    static void recallBeside(List<Path> spools, CertificateClock clock) {
        for (Path dir : spools) {
            if (!Files.isDirectory(dir)) {
                continue;
            }
            try (Spool spool = Spool.look(dir)) {
                new KeptTime(List.of(spool), clock).recall();
            } catch (IOException e) {
                LOG.debug("time that was trusted last is not known", "spool", dir, "err", e.getMessage());
            }
        }
    }

    private static Optional<Instant> read(byte[] content, Spool spool) {
        try {
            return Optional.of(Instant.parse(new String(content, StandardCharsets.US_ASCII).strip()));
        } catch (DateTimeParseException e) {
            LOG.warn("time that was trusted last is unreadable, the build's counts", e, "spool", spool.dir());
            return Optional.empty();
        }
    }

    /// Keeps it if it has moved by a day.
    void daily() throws IOException {
        keep(EVERY);
    }

    /// Keeps it for the next start.
    void last() throws IOException {
        keep(AT_THE_END);
    }

    private void keep(Duration ifMovedBy) throws IOException {
        Optional<Instant> now = clock.trusted();
        boolean moved = now.isPresent()
                && (kept.isEmpty()
                        || Duration.between(kept.get(), now.get()).abs().compareTo(ifMovedBy) >= 0);
        if (!moved) {
            return;
        }
        for (Spool spool : spools) {
            spool.keep(FILE, now.get().toString().getBytes(StandardCharsets.US_ASCII));
        }
        kept = now;
    }
}
