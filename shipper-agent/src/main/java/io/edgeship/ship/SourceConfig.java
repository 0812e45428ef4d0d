package io.edgeship.ship;

import io.edgeship.ship.reduce.ReductionConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One Prometheus whose blocks are shipped.
///
/// @param path           its data directory
/// @param url            of its HTTP interface, where external labels are read if none are configured
/// @param externalLabels configured ones; they win over Prometheus' own
/// @param priority       sources of a higher one are shipped first; 0 where nothing is said
/// @param spool          where blocks wait; under `path` unless configured
/// @param reduction      what of its blocks is shipped
public record SourceConfig(
        Path path,
        Optional<String> url,
        SortedMap<String, String> externalLabels,
        int priority,
        Path spool,
        Backfill backfill,
        ReductionConfig reduction) {
    public SourceConfig {
        externalLabels = Collections.unmodifiableSortedMap(new TreeMap<>(externalLabels));
    }

    /// One whose blocks are shipped as they are.
    public SourceConfig(
            Path path,
            Optional<String> url,
            SortedMap<String, String> externalLabels,
            int priority,
            Path spool,
            Backfill backfill) {
        this(path, url, externalLabels, priority, spool, backfill, ReductionConfig.NONE);
    }
}
