package io.edgeship.block.write;

import io.edgeship.block.encoding.ByteSink;
import java.io.IOException;

/// Where the files of one block go.
@FunctionalInterface
public interface BlockSink {
    /// Begins a file. The index is open all the while, and one segment at a time.
    ///
    /// @param relativePath `index` or `chunks/000001`
    ByteSink file(String relativePath) throws IOException;
}
