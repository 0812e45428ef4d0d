package io.edgeship.queue;

import io.edgeship.block.BlockId;
import java.nio.file.Path;
import java.time.Instant;

/// An item that the spool holds but that is not sealed yet.
///
/// @param dir         the item's directory: of a block `chunks/`, `index`, `meta.json` as the source wrote them
/// @param source      the directory that it was taken from; empty if that is no longer known
/// @param takenAt     by the site's clock: for people
/// @param sizeBytes   of all its files
/// @param copiedBytes how much of it are copies, because links were not possible
public record Incoming(
        ItemKind kind, BlockId id, Path dir, String source, Instant takenAt, long sizeBytes, long copiedBytes) {}
