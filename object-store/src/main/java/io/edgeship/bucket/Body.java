package io.edgeship.bucket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/// Bytes to send, of a known length. They can be read more than once: a retry starts over.
public interface Body {
    long sizeBytes();

    /// The MD5 of all the bytes where the sender knows it already, 32 lower-case letters: then nobody reads them for
    /// it.
    default Optional<String> md5Hex() {
        return Optional.empty();
    }

    /// The CRC32C (Castagnoli) of all the bytes where the sender knows it: a store that tells parts apart by any name
    /// of their bytes then reads them for none.
    default OptionalInt crc32c() {
        return OptionalInt.empty();
    }

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
