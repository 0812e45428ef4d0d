package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import java.nio.file.Path;

/// An item that was set aside, with its bytes and the reason.
///
/// @param sealed whether it was in `ready/` before: then [Spool#retry] takes it there, else to `incoming/`
public record Quarantined(BlockId id, Path dir, Loss loss, boolean sealed, long sizeBytes) {}
