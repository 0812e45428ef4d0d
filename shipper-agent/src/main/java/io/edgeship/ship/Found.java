package io.edgeship.ship;

import io.edgeship.block.tsdb.BlockMeta;
import java.nio.file.Path;

/// A block in a source's directory whose meta.json could be read.
public record Found(Path dir, BlockMeta meta) {}
