package io.edgeship.it;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A line of a log, wherever it was read.
record LogLine(
        String tenant,
        SortedMap<String, String> labels,
        long timeNanos,
        String line,
        SortedMap<String, String> metadata)
        implements Comparable<LogLine> {
    LogLine {
        labels = new TreeMap<>(labels);
        metadata = new TreeMap<>(metadata);
    }

    static LogLine of(
            String tenant, Map<String, String> labels, long timeNanos, String line, Map<String, String> metadata) {
        return new LogLine(tenant, new TreeMap<>(labels), timeNanos, line, new TreeMap<>(metadata));
    }

    /// As another tenant's, with more labels.
    LogLine as(String otherTenant, Map<String, String> more) {
        TreeMap<String, String> all = new TreeMap<>(labels);
        all.putAll(more);
        return new LogLine(otherTenant, all, timeNanos, line, metadata);
    }

    @Override
    public int compareTo(LogLine other) {
        return toString().compareTo(other.toString());
    }
}
