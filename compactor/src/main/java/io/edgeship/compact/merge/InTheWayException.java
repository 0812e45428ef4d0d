package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import java.io.IOException;

/// Something else lies where a new block is to be: a block that differs, or one that is being deleted. Nothing was
/// written; this plan cannot be carried out before a person or the cleaner has acted.
public final class InTheWayException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient BlockId block;

    InTheWayException(BlockId block, String what) {
        super("%s cannot be written: %s".formatted(block, what));
        this.block = block;
    }

    public BlockId block() {
        return block;
    }
}
