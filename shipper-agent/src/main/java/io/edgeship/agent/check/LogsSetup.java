package io.edgeship.agent.check;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.ship.loki.LokiConfig;
import java.util.List;

/// What a site's logs are meant to be.
///
/// @param sources  one at least
/// @param objstore of the logs
public record LogsSetup(List<LokiConfig> sources, ObjstoreConfig objstore) {
    public LogsSetup {
        sources = List.copyOf(sources);
    }
}
