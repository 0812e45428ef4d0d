package io.edgeship.fleet;

import java.time.Duration;

/// What is wanted of a site.
///
/// @param lagObjective how old its newest data may be, more than zero
/// @param darkAfter    for how long it may be silent, more than zero
public record SiteGoals(Duration lagObjective, Duration darkAfter) {
    /// Prometheus writes the block of two hours an hour after they are over; with a slow link behind it.
    public static final SiteGoals DEFAULT = new SiteGoals(Duration.ofHours(6), Duration.ofHours(2));

    public SiteGoals {
        if (!lagObjective.isPositive() || !darkAfter.isPositive()) {
            throw new IllegalArgumentException("goals are more than zero: %s, %s".formatted(lagObjective, darkAfter));
        }
    }

    /// A site that never sent a heartbeat, as one that the Thanos sidecar ships, is judged by its data alone.
    ///
    /// @param lagMillis how old its newest data is; [Long#MAX_VALUE] where there is none
    /// @param nowMillis by the store's clock
    SiteState stateOf(SiteFreshness site, long lagMillis, long nowMillis) {
        boolean isRecent = lagMillis <= lagObjective.toMillis();
        boolean isHeard =
                site.lastContactMillis() > 0 ? nowMillis - site.lastContactMillis() <= darkAfter.toMillis() : isRecent;
        if (!isHeard) {
            return SiteState.DARK;
        }
        return isRecent ? SiteState.FRESH : SiteState.LATE;
    }
}
