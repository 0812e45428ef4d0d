package io.edgeship.compact.logs;

/// What has come of the logs of one site.
///
/// @param untilMillis      live lines up to here are readable; zero where that is not known
/// @param newestLineMillis of all its chunks; by the site's clock
/// @param missingSegments  that were sealed before one that has come, and have not come
/// @param lastMillis       when its last segment was taken in, by the store's clock; zero where none was
public record SiteLogs(
        String site,
        long untilMillis,
        long newestLineMillis,
        long missingSegments,
        long chunks,
        long lines,
        long bytes,
        long lastMillis) {
    static SiteLogs nothingOf(String site) {
        return new SiteLogs(site, 0, 0, 0, 0, 0, 0, 0);
    }
}
