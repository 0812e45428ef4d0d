package io.edgeship.block.rewrite;

import io.edgeship.block.merge.BlockMerger;
import io.edgeship.block.transcode.RewrittenBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Writes blocks anew. Stateless.
public final class BlockRewriter {
    private BlockRewriter() {}

    /// Is told after each series of the new block.
    @FunctionalInterface
    public interface Watcher {
        void series(long done);
    }

    /// Writes the new block under `out`; it is complete, verified and forced when it gets its name.
    ///
    /// @return empty if no sample is left
    public static Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out, Watcher watcher) throws IOException {
        return BlockMerger.merge(order.sources(), out, watcher::series);
    }
}
