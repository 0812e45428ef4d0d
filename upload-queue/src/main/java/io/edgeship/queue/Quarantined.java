package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import java.nio.file.Path;

/// An item that was set aside, with its bytes and the reason.
public record Quarantined(BlockId id, Path dir, Loss loss, long sizeBytes) {}
