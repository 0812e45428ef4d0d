package io.edgeship.fleet;

/// How current one site is.
///
/// @param dataUntilMillis   end of its newest raw block
/// @param gaps              holes between its raw blocks
/// @param lastContactMillis newest heartbeat, by the store's clock; zero without any
/// @param incarnations      spools that have reported under the name
public record SiteFreshness(
        String site,
        long dataUntilMillis,
        int blocks,
        long sizeBytes,
        int gaps,
        long lastContactMillis,
        long backlogItems,
        long backlogBytes,
        int incarnations) {
    /// Stands for blocks without the site label.
    public static final String UNASSIGNED = "unassigned";
}
