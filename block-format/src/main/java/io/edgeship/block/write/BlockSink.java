package io.edgeship.block.write;

import io.edgeship.block.encoding.ByteSink;
import java.io.Closeable;
import java.io.IOException;

/// Where the files of one block go: a directory, a bucket. Not thread-safe.
public interface BlockSink extends Closeable {
    /// Begins a file.
    ///
    /// @param relativePath `chunks/000001`, `index`
    ByteSink file(String relativePath) throws IOException;
}
