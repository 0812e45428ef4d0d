package io.edgeship.compact.plan;

import io.edgeship.fleet.BucketView;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// Decides what is compacted, downsampled and merged in; the rules are on the package's page. Pure functions.
public final class Planner {
    private Planner() {}

    /// @param now by the store's clock
    public static Planned plan(BucketView view, Instant now, PlanRules rules) {
        return new Planned(List.of(), List.of(), new TreeMap<>());
    }
}
