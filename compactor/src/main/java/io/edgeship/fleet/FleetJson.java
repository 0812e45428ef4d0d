package io.edgeship.fleet;

import io.edgeship.block.json.JsonObject;
import java.time.Instant;
import java.util.List;

/// The fleet server's answer for programs, see the package.
public final class FleetJson {
    private FleetJson() {}

    /// @param at by the store's clock
    public static JsonObject of(List<SiteStatus> sites, Instant at) {
        return JsonObject.empty()
                .with("at", at.toEpochMilli())
                .with("sites", sites.stream().map(FleetJson::site).toList());
    }

    private static JsonObject site(SiteStatus site) {
        JsonObject json = BucketIndex.site(site.freshness())
                .with("state", site.state().spelling())
                .with("lag_objective", site.goals().lagObjective().toMillis())
                .with("dark_after", site.goals().darkAfter().toMillis())
                .with("arrived_day_bytes", site.arrivedDayBytes())
                .with("clock_skew", site.clockSkewMillis())
                .with("agent_versions", List.copyOf(site.versions()))
                .with(
                        "coverage_percent",
                        site.coverage().stream()
                                .map(covered -> (int) Math.floor(covered * 100))
                                .toList());
        if (site.lagMillis().isPresent()) {
            json = json.with("lag", site.lagMillis().getAsLong());
        }
        if (site.catchUpSeconds().isPresent()) {
            json = json.with("catch_up", (long) (site.catchUpSeconds().getAsDouble() * 1000));
        }
        return json;
    }
}
