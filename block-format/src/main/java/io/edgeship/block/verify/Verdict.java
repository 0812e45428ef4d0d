package io.edgeship.block.verify;

import io.edgeship.block.tsdb.BlockMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What [BlockVerifier] says of a block.
public sealed interface Verdict {
    /// Every rule holds.
    record Sound(BlockMeta meta, Content content) implements Verdict {}

    /// @param violations at least one, the first found first; at most [BlockVerifier#VIOLATIONS_MAX]
    /// @param meta       where it could be read
    record Broken(List<Violation> violations, @Nullable BlockMeta meta) implements Verdict {
        public Broken {
            violations = List.copyOf(violations);
        }
    }
}
