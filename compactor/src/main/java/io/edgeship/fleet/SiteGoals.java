package io.edgeship.fleet;

import java.time.Duration;

/// What is wanted of a site.
///
/// @param lagObjective     how old its newest data may be, more than zero
/// @param darkAfter        for how long it may be silent, more than zero
/// @param logsLagObjective up to when its log lines are readable at the latest, more than zero
public record SiteGoals(Duration lagObjective, Duration darkAfter, Duration logsLagObjective) {
    /// Prometheus writes the block of two hours an hour after they are over; with a slow link behind it. A Loki holds a
    /// line in memory for two and a half hours, and a segment takes two more.
    public static final SiteGoals DEFAULT =
            new SiteGoals(Duration.ofHours(6), Duration.ofHours(2), Duration.ofHours(12));

    public SiteGoals {
        if (!lagObjective.isPositive() || !darkAfter.isPositive() || !logsLagObjective.isPositive()) {
            throw new IllegalArgumentException(
                    "goals are more than zero: %s, %s, %s".formatted(lagObjective, darkAfter, logsLagObjective));
        }
    }

    /// A site that never sent a heartbeat, as one that the Thanos sidecar ships, is judged by its data alone.
    ///
    /// @param lagMillis how old its newest data is; [Long#MAX_VALUE] where there is none
    /// @param nowMillis by the store's clock
    SiteState stateOf(SiteFreshness site, long lagMillis, long nowMillis) {
        return stateOf(site, lagMillis, lagObjective, nowMillis);
    }

    /// As [#stateOf], of logs.
    ///
    /// @param spool what its agents say in the bucket of logs
    public SiteState stateOfLogs(SiteFreshness spool, long lagMillis, long nowMillis) {
        return stateOf(spool, lagMillis, logsLagObjective, nowMillis);
    }

    private SiteState stateOf(SiteFreshness site, long lagMillis, Duration objective, long nowMillis) {
        boolean isRecent = lagMillis <= objective.toMillis();
        boolean isHeard =
                site.lastContactMillis() > 0 ? nowMillis - site.lastContactMillis() <= darkAfter.toMillis() : isRecent;
        if (!isHeard) {
            return SiteState.DARK;
        }
        return isRecent ? SiteState.FRESH : SiteState.LATE;
    }
}
