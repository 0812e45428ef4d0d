package io.edgeship.it;

import java.util.Map;

/// What becomes of a site's tenants on the way.
enum TenantMode {
    VERBATIM("verbatim"),
    SITE("site"),
    FLEET("fleet");

    private final String key;

    TenantMode(String key) {
        this.key = key;
    }

    /// As `agent.yaml` has it.
    String key() {
        return key;
    }

    String tenant(String site, String edgeTenant) {
        return switch (this) {
            case VERBATIM -> edgeTenant;
            case SITE -> site + "." + edgeTenant;
            case FLEET -> "fleet";
        };
    }

    Map<String, String> labels(String site) {
        return this == FLEET ? Map.of("site", site) : Map.of();
    }
}
