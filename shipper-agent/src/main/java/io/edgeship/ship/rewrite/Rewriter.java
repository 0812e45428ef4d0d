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
    /// In this process: for tests, and for sources that never need it.
    Rewriter IN_PROCESS = (order, out) -> BlockRewriter.rewrite(order, out, _ -> {});

    /// @param out an existing directory in which the new block gets its own
    /// @return empty if no sample is left
    /// @throws IOException naming the source and what is wrong with it; nothing of the new block is left behind
    Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out) throws IOException;
}
