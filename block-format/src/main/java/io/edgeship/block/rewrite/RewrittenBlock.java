package io.edgeship.block.rewrite;

import io.edgeship.block.tsdb.BlockMeta;
import java.nio.file.Path;

/// A block that was made of others.
public record RewrittenBlock(Path dir, BlockMeta meta, RewriteCounts counts) {}
