package io.edgeship.ship;

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
public record SourceConfig(
        Path path,
        Optional<String> url,
        SortedMap<String, String> externalLabels,
        int priority,
        Path spool,
        Backfill backfill) {
    public SourceConfig {
        externalLabels = Collections.unmodifiableSortedMap(new TreeMap<>(externalLabels));
    }
}
