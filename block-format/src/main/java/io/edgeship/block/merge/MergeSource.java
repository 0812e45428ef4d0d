package io.edgeship.block.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.Tombstones;

/// A block that is merged with others. Whoever opened the reader closes it.
///
/// @param range      that its meta.json gives; a chunk outside of it is an error
/// @param tombstones whose samples are left out
public record MergeSource(BlockId id, TimeRange range, BlockReader reader, Tombstones tombstones) {}
