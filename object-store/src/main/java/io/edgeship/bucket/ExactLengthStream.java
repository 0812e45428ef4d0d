package io.edgeship.bucket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A download that must be as long as the store announced. An end before that is
/// [BucketException.Unavailable], never the end of the stream; so is a connection that breaks.
/// Not thread-safe.
public final class ExactLengthStream extends FilterInputStream {
    private final String doing;
    private final long lengthBytes;
    private long remaining;

    /// @param doing what the stream is for, in words: `reading 01J…/index of s3://…`
    public ExactLengthStream(InputStream in, String doing, long lengthBytes) {
        super(in);
        this.doing = doing;
        this.lengthBytes = lengthBytes;
        this.remaining = lengthBytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        int read = readOrFail(target, offset, (int) Math.min(length, remaining));
        remaining -= read;
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(Math.min(count, remaining));
        remaining -= skipped;
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(super.available(), remaining);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private int readOrFail(byte[] target, int offset, int length) throws BucketException {
        int read;
        try {
            read = super.read(target, offset, length);
        } catch (IOException broken) {
            throw new BucketException.Unavailable(doing + ": " + place() + ", " + broken, broken);
        }
        if (read < 0) {
            throw new BucketException.Unavailable(doing + ": " + place() + ", then the data ended", null);
        }
        return read;
    }

    private String place() {
        return "got " + (lengthBytes - remaining) + " of " + lengthBytes + " bytes";
    }
}
