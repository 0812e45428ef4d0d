package io.edgeship.bucket.s3;

import io.edgeship.bucket.Link;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A reply's body, counted as it comes in. Not thread-safe.
final class ReplyStream extends FilterInputStream {
    private final Link link;
    private final Duration stallAfter;

    ReplyStream(InputStream in, Link link, Duration stallAfter) {
        super(in);
        this.link = link;
        this.stallAfter = stallAfter;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int read = super.read(target, offset, length);
            link.received(Math.max(read, 0));
            return read;
        } catch (SocketTimeoutException e) {
            throw stallAfter.isZero() ? e : new StalledException(stallAfter, e);
        }
    }
}
