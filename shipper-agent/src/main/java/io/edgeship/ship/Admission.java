package io.edgeship.ship;

import io.edgeship.block.BlockId;
import java.io.IOException;
import java.nio.file.Path;

/// Decides whether the spool has room for one more block. Used during one look at the source's directory.
interface Admission {
    /// Takes whatever there is.
    Admission ALL = new Admission() {
        @Override
        public boolean admits(Path block) {
            return true;
        }

        @Override
        public boolean gaveUp(BlockId block) {
            return false;
        }
    };

    /// Whether the block may be taken; then it counts from now on.
    boolean admits(Path block) throws IOException;

    /// Whether the block was taken before, and had to make room or was dropped by an operator: it does not come in
    /// again.
    boolean gaveUp(BlockId block) throws IOException;
}
