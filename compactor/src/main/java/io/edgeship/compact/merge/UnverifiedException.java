package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import java.io.IOException;

/// A new block is not what it should be once it lies in the bucket (I10). It was not committed, and no source is known
/// to be at fault: the store, the machine or this build may be. The same plan may well fail again, at its whole cost.
public final class UnverifiedException extends IOException {
    private static final long serialVersionUID = 1;

    UnverifiedException(BlockId block, String what) {
        super("the new block %s did not pass its check: %s".formatted(block, what));
    }
}
