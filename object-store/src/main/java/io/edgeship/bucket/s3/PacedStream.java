package io.edgeship.bucket.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A body on its way out: what is read from it is sent next. Not thread-safe.
final class PacedStream extends FilterInputStream {
    private static final int BYTES_MAX = 64 << 10;

    private final WatchedTry request;

    PacedStream(InputStream in, WatchedTry request) {
        super(in);
        this.request = request;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, Math.min(length, BYTES_MAX));
        if (read > 0) {
            request.pass(read);
        } else if (read < 0) {
            request.passedAll();
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
