package io.edgeship.bucket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Bytes to send, of a known length. They can be read more than once: a retry starts over.
public interface Body {
    long sizeBytes();

    /// A new stream over all the bytes; the caller closes it.
    InputStream open() throws IOException;

    static Body of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new Body() {
            @Override
            public long sizeBytes() {
                return copy.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(copy);
            }
        };
    }
}
