package io.edgeship.block.tsdb.index;

import io.edgeship.block.tsdb.chunks.ChunkRef;

/// A chunk as the index lists it; both times are those of samples, inclusive.
public record ChunkMeta(long minTime, long maxTime, ChunkRef ref) {}
