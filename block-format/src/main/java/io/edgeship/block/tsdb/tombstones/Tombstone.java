package io.edgeship.block.tsdb.tombstones;

/// Samples of one series that were deleted, both times inclusive.
public record Tombstone(long seriesRef, long minTime, long maxTime) {}
