package io.edgeship.bucket;

import java.io.IOException;
import java.io.InputStream;

/// Bytes of an object on their way, and which object they are of: a reader in several requests sees whether it is still
/// the same one. Closing closes the stream.
///
/// @param object as the reply describes it; the size is that of the whole object
/// @param bytes  ends without an exception only where the range is whole
public record ObjectRange(ObjectInfo object, InputStream bytes) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
