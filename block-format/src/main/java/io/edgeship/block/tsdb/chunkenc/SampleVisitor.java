package io.edgeship.block.tsdb.chunkenc;

import java.io.IOException;

/// Takes samples one by one.
@FunctionalInterface
public interface SampleVisitor {
    /// @param timeMillis since 1970
    /// @param valueBits  of a double; its NaN payload matters
    void sample(long timeMillis, long valueBits) throws IOException;
}
