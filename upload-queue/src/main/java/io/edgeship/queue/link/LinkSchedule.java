package io.edgeship.queue.link;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// How fast the link may be used at a site, and until when that holds: the first listed window that is open decides,
/// else `link.rate`. Thread-safe.
final class LinkSchedule {
    /// A schedule that opens at all does so within fewer changes.
    private static final int CHANGES_MAX = 20_000;

    private final long bytesPerSecond;
    private final List<LinkWindow.AtSite> windows;
    private Phase last = new Phase(0, Instant.MAX, Instant.MIN);

    /// @param bytesPerSecond [LinkConfig#UNLIMITED], or 0: closed
    /// @param until          when that may change; [Instant#MAX] for never
    record Phase(long bytesPerSecond, Instant from, Instant until) {
        boolean isOpen() {
            return bytesPerSecond > 0;
        }
    }

    LinkSchedule(LinkConfig config, String site) {
        bytesPerSecond = config.bytesPerSecond();
        Duration delay = delay(site, config.jitter());
        windows = config.windows().stream()
                .map(window -> new LinkWindow.AtSite(window, delay))
                .toList();
    }

    /// By how much a site comes later than the schedule says, less than `jitter`: always the same for one name.
    static Duration delay(String site, Duration jitter) {
        CRC32C hash = new CRC32C();
        hash.update(site.getBytes(StandardCharsets.UTF_8));
        return Duration.ofMillis((hash.getValue() * jitter.toMillis()) >>> Integer.SIZE); // the hash as a fraction
    }

    synchronized Phase at(Instant time) {
        if (time.isBefore(last.from) || !time.isBefore(last.until)) {
            last = ask(time);
        }
        return last;
    }

    /// When the link is open first, at `time` or later; empty if it never is.
    synchronized Optional<Instant> opensAt(Instant time) {
        Phase phase = at(time);
        for (int i = 0; !phase.isOpen() && phase.until.isBefore(Instant.MAX) && i < CHANGES_MAX; i++) {
            phase = ask(phase.until);
        }
        return phase.isOpen() ? Optional.of(phase.from.isAfter(time) ? phase.from : time) : Optional.empty();
    }

    private Phase ask(Instant time) {
        Instant until = Instant.MAX;
        for (LinkWindow.AtSite window : windows) {
            LinkWindow.Phase phase = window.at(time);
            until = phase.until().isBefore(until) ? phase.until() : until;
            if (phase.open()) {
                return new Phase(window.bytesPerSecond(), time, until);
            }
        }
        return new Phase(bytesPerSecond, time, until);
    }
}
