package io.edgeship.ship.loki;

import io.edgeship.ship.Backfill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// One Loki whose chunks are shipped.
///
/// @param path            its chunk root, as this process sees it
/// @param url             of its HTTP interface, where its configuration is read
/// @param pathInLoki      what Loki calls its chunk root
/// @param priority        sources of a higher one are shipped first; 0 where nothing is said
/// @param spool           where chunks wait; beside the chunk root unless configured, never in it
/// @param backfill        what becomes of chunks from before the first start
/// @param drop            streams that are not shipped
/// @param sealInterval    how long a segment stays open
/// @param segmentBytesMax of the source's chunks in a segment, but for the last one
/// @param flush           whether Loki is asked to write what it holds before a segment is sealed
public record LokiConfig(
        Path path,
        Optional<String> url,
        Path pathInLoki,
        int priority,
        Path spool,
        Backfill backfill,
        Tenants tenants,
        DropRules drop,
        Duration sealInterval,
        long segmentBytesMax,
        boolean flush) {
    public LokiConfig {
        if (spool.startsWith(path)) {
            throw new IllegalArgumentException("the spool must not lie in the chunk root " + path);
        }
        if (!sealInterval.isPositive() || segmentBytesMax < 1) {
            throw new IllegalArgumentException("segments of %s, %d bytes".formatted(sealInterval, segmentBytesMax));
        }
        if (flush && url.isEmpty()) {
            throw new IllegalArgumentException("flush wants a url");
        }
    }
}
