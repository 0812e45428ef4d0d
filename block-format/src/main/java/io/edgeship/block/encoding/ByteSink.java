package io.edgeship.block.encoding;

import java.io.Closeable;
import java.io.IOException;

/// Where the bytes of one file go, front to back: a file, an object in a bucket. Not thread-safe.
public interface ByteSink extends Closeable {
    /// What errors call it.
    String name();

    void write(byte[] bytes, int at, int length) throws IOException;

    /// Says that the file ends here, and returns once it is durable. Nothing is written after it.
    void finish() throws IOException;

    /// Gives the file up unless it was finished.
    @Override
    void close() throws IOException;
}
