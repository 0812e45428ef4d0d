package io.edgeship.block.merge;

import io.edgeship.block.BlockId;
import java.io.IOException;

/// One of the blocks that are merged cannot be read: damaged, out of order, or of an encoding that would have to be
/// taken apart and is not known. The others are not to blame.
public final class MergeSourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient BlockId source;

    MergeSourceException(BlockId source, Exception cause) {
        super("block %s: %s".formatted(source, cause.getMessage()), cause);
        this.source = source;
    }

    public BlockId source() {
        return source;
    }
}
