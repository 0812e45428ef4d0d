package io.edgeship.fleet;

import java.util.Map;

/// What is wanted of each site.
///
/// @param all   where nothing else is said
/// @param named sites with goals of their own; they are shown even if nothing was ever heard of them
public record FleetGoals(SiteGoals all, Map<String, SiteGoals> named) {
    public FleetGoals {
        named = Map.copyOf(named);
    }

    public SiteGoals of(String site) {
        return named.getOrDefault(site, all);
    }
}
