package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import java.io.IOException;

/// A source that cannot be merged, now or ever: it is damaged, or nobody here understands it. Nothing was committed.
/// The others of its plan are well without it (I5).
public final class PoisonedBlockException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient BlockId block;
    private final String problem;

    PoisonedBlockException(BlockId block, String problem, Throwable cause) {
        super(block + " cannot be merged: " + problem, cause);
        this.block = block;
        this.problem = problem;
    }

    public BlockId block() {
        return block;
    }

    /// What is wrong and where, for a mark and for people.
    public String problem() {
        return problem;
    }
}
