package io.edgeship.ship;

import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// When a spool first had contact with the bucket, by the store's clock. Kept in the spool: two boxes that bear one
/// site's name are told apart from one that was replaced by it.
final class FirstContact {
    private static final Log LOG = Log.of(FirstContact.class);
    private static final String KEPT = "first-contact";

    private FirstContact() {}

    /// Milliseconds since 1970; 0 before the store has told the time.
    static long millis(Spool spool, StoreClock clock) throws IOException {
        Optional<byte[]> kept = spool.kept(KEPT);
        if (kept.isPresent()) {
            try {
                return Long.parseLong(new String(kept.get(), StandardCharsets.US_ASCII).strip());
            } catch (NumberFormatException e) {
                LOG.warn("time of first contact is unreadable, counted from now", e, "spool", spool.dir());
            }
        }
        Optional<Instant> now = clock.now();
        if (now.isEmpty()) {
            return 0;
        }
        long millis = now.get().toEpochMilli();
        spool.keep(KEPT, Long.toString(millis).getBytes(StandardCharsets.US_ASCII));
        return millis;
    }
}
