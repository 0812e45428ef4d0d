package io.edgeship.block.encoding;

import java.io.Closeable;
import java.io.IOException;

/// Bytes that can be read from anywhere: a file, an object in a bucket, an array.
public interface ByteSource extends Closeable {
    /// What errors call it.
    String name();

    long size();

    /// How many bytes a reader that goes front to back had best ask for at once. Few where they lie in memory already:
    /// whatever the reader holds is there twice.
    default int windowBytes() {
        return 64 << 10;
    }

    /// Reads `length` bytes from `offset`, all of which lie within [#size].
    void read(long offset, byte[] target, int at, int length) throws IOException;

    @Override
    void close() throws IOException;

    static ByteSource of(String name, byte[] bytes) {
        return new ByteSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long offset, byte[] target, int at, int length) {
                System.arraycopy(bytes, Math.toIntExact(offset), target, at, length);
            }

            @Override
            public void close() {}
        };
    }
}
