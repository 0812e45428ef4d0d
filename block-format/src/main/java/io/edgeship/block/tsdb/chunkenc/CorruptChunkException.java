package io.edgeship.block.tsdb.chunkenc;

import java.io.IOException;

/// A chunk whose bytes are not what an encoder writes.
public final class CorruptChunkException extends IOException {
    private static final long serialVersionUID = 1;

    public CorruptChunkException(String message) {
        super(message);
    }

    static CorruptChunkException truncated(int read, int expected) {
        return new CorruptChunkException("the bits end after %d of %d samples".formatted(read, expected));
    }
}
