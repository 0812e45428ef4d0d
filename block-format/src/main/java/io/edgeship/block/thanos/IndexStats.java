package io.edgeship.block.thanos;

/// The largest pieces of a block: by them a store gateway knows how much to read at once.
public record IndexStats(long seriesBytesMax, long chunkBytesMax) {}
