package io.edgeship.fleet;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;

/// How a site does against what is wanted of it.
///
/// @param lagMillis       how old its newest data is, negative where it is in the future; empty without data
/// @param arrivedDayBytes size of the blocks that came from the site within 24 hours
/// @param catchUpSeconds  how long its backlog takes at the rate of these 24 hours; empty where nothing came
/// @param versions        of its agents
/// @param clockSkewMillis its clock minus the store's; of several spools the one that is off most
/// @param coverage        which part of each window has arrived, see [WindowCoverage]
public record SiteStatus(
        SiteFreshness freshness,
        SiteGoals goals,
        SiteState state,
        OptionalLong lagMillis,
        long arrivedDayBytes,
        OptionalDouble catchUpSeconds,
        SortedSet<String> versions,
        long clockSkewMillis,
        List<Double> coverage) {
    public SiteStatus {
        coverage = List.copyOf(coverage);
    }

    public String site() {
        return freshness.site();
    }
}
