package io.edgeship.ship.rewrite;

import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Carries out orders, one at a time.
@FunctionalInterface
public interface Rewriter {
    /// Works in this process, in its memory.
    Rewriter HERE = (order, out) -> BlockRewriter.rewrite(order, out, _ -> {});

    /// @param out an existing directory in which the new block gets its own
    /// @return empty if no sample is left
    /// @throws BadSourceException if a source is to blame
    /// @throws IOException        if it may well succeed another time; nothing of the new block is left behind
    Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out) throws IOException;
}
