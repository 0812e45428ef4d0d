package io.edgeship.agent;

import io.edgeship.queue.Spool;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.loki.DropRules;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.loki.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Reads a source of type `loki`.
///
/// @param directory that relative file names are meant from
/// @param spool     configured for the only source; empty for one beside the chunk root
record LokiKeys(String site, String siteLabel, Path directory, String spool, Backfill backfill) {
    private static final long SEGMENT_BYTES = 256L << 20;
    private static final Duration SEAL_INTERVAL = Duration.ofHours(2);

    LokiConfig read(ConfigSection source, int priority, Optional<String> url) throws ConfigException {
        Path path = directory.resolve(source.requiredText("path")).normalize();
        Path beside = path.resolveSibling(Spool.DIRECTORY_NAME);
        Path waits = spool.isEmpty() ? beside : directory.resolve(spool).normalize();
        if (waits.startsWith(path)) {
            throw source.wrong("path", "holds the spool %s: Loki would take it for a tenant".formatted(waits));
        }
        boolean flush = source.flag("flush", false);
        if (flush && url.isEmpty()) {
            throw source.wrong("flush", "wants the url of the Loki that is to be flushed");
        }
        Duration interval = source.duration("segment_interval", SEAL_INTERVAL);
        if (!interval.isPositive()) {
            throw source.wrong("segment_interval", "is more than zero");
        }
        long segmentBytes = source.size("max_segment_bytes", SEGMENT_BYTES);
        if (segmentBytes < 1) {
            throw source.wrong("max_segment_bytes", "is more than zero");
        }
        return new LokiConfig(
                path,
                url,
                Path.of(source.text("path_in_loki", path.toString())).normalize(),
                priority,
                waits,
                backfill,
                tenants(source),
                drop(source),
                interval,
                segmentBytes,
                flush);
    }

    private Tenants tenants(ConfigSection source) throws ConfigException {
        Tenants.Mode mode = source.choice("tenants", Tenants.Mode.class, Tenants.Mode.FLEET);
        try {
            return new Tenants(mode, source.text("fleet_tenant", "fleet"), siteLabel, site);
        } catch (IllegalArgumentException e) {
            throw source.wrong("fleet_tenant", "is no tenant's name: " + e.getMessage());
        }
    }

    private static DropRules drop(ConfigSection source) throws ConfigException {
        try {
            return DropRules.parse(source.texts("drop"));
        } catch (IllegalArgumentException e) {
            throw source.wrong("drop", "is a list of stream selectors: " + e.getMessage());
        }
    }
}
