package io.edgeship.compact.plan;

import io.edgeship.fleet.BucketBlock;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Blocks that are compacted with one another, which Thanos calls a group.
///
/// @param labels           external labels, those of replicas left out
/// @param resolutionMillis 0 for raw samples
public record Stream(SortedMap<String, String> labels, long resolutionMillis) {
    public Stream {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public static Stream of(BucketBlock block, Collection<String> replicaLabels) {
        TreeMap<String, String> labels = new TreeMap<>(block.labels());
        labels.keySet().removeAll(replicaLabels);
        return new Stream(labels, block.resolutionMillis());
    }
}
