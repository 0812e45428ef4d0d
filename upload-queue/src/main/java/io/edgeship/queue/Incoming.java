package io.edgeship.queue;

import io.edgeship.block.BlockId;
import java.nio.file.Path;
import java.time.Instant;

/// A block that the spool holds but that is not sealed yet.
///
/// @param dir         the item's directory: `chunks/`, `index`, `meta.json` as the source wrote them
/// @param source      the block's directory that it was taken from; empty if that is no longer known
/// @param takenAt     by the site's clock: for people
/// @param sizeBytes   all the block's files
/// @param copiedBytes how much of it are copies, because links were not possible
public record Incoming(BlockId id, Path dir, String source, Instant takenAt, long sizeBytes, long copiedBytes) {}
