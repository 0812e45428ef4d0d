package io.edgeship.ship.rewrite;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;

/// `rewrite`: what the child process may use.
///
/// @param heapBytes at least [#HEAP_BYTES_MIN]
public record RewriteConfig(long heapBytes) {
    public static final long HEAP_BYTES_MIN = 16L << 20;
    public static final RewriteConfig DEFAULT = new RewriteConfig(128L << 20);

    private static final long HEAP_BYTES_MAX = 64L << 30;

    public RewriteConfig {
        if (heapBytes < HEAP_BYTES_MIN || heapBytes > HEAP_BYTES_MAX) {
            throw new IllegalArgumentException("a heap of %d bytes".formatted(heapBytes));
        }
    }

    /// Reads `rewrite.memory`.
    public static RewriteConfig from(ConfigSection root) throws ConfigException {
        ConfigSection rewrite = root.section("rewrite");
        long heap = rewrite.size("memory", DEFAULT.heapBytes());
        if (heap < HEAP_BYTES_MIN || heap > HEAP_BYTES_MAX) {
            throw rewrite.wrong("memory", "is 16MiB to 64GiB");
        }
        return new RewriteConfig(heap);
    }
}
