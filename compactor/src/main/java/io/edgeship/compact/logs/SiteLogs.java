package io.edgeship.compact.logs;

/// How current the logs of one site are.
///
/// @param untilMillis      live lines up to here are readable; zero where that is not known
/// @param newestLineMillis of all its chunks; by the site's clock
/// @param missingSegments  that were sealed before one that has come, and have not come
/// @param lastMillis       when its last segment was taken in, by the store's clock
public record SiteLogs(
        String site,
        long untilMillis,
        long newestLineMillis,
        long missingSegments,
        long chunks,
        long lines,
        long bytes,
        long lastMillis) {}
