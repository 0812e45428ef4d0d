package io.edgeship.block.tsdb.chunkenc;

import java.io.IOException;

/// The samples end before their number is reached: the bytes are not what an encoder wrote.
public final class TruncatedChunkException extends IOException {
    private static final long serialVersionUID = 1;

    TruncatedChunkException(int read, int expected) {
        super("the bits end after %d of %d samples".formatted(read, expected));
    }
}
