package io.edgeship.block.merge;

import io.edgeship.block.write.BlockStream;

/// A block that comes out of a merge. Whoever opened the stream finishes it.
///
/// @param resolutionMillis 0 for raw samples
public record MergeOutput(long resolutionMillis, BlockStream stream) {}
