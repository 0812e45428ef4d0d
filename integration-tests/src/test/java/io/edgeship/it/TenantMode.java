package io.edgeship.it;

import io.edgeship.block.loki.LokiChunkEdit;
import java.util.Map;

/// What becomes of a site's tenants on the way.
enum TenantMode {
    VERBATIM,
    PREFIXED,
    FLEET;

    String tenant(String site, String edgeTenant) {
        return switch (this) {
            case VERBATIM -> edgeTenant;
            case PREFIXED -> site + "." + edgeTenant;
            case FLEET -> "fleet";
        };
    }

    Map<String, String> labels(String site) {
        return this == FLEET ? Map.of("site", site) : Map.of();
    }

    LokiChunkEdit edit(String site, String edgeTenant) {
        return new LokiChunkEdit(tenant(site, edgeTenant), labels(site), null);
    }
}
