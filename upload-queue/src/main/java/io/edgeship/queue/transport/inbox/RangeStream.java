package io.edgeship.queue.transport.inbox;

import io.edgeship.queue.Item;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of files that lie one after the other; at most one of them is open. Not thread-safe.
final class RangeStream extends InputStream {
    private final Iterator<Item.DataFile> files;
    private Item.DataFile file;
    private long position;
    private long remaining;
    private @Nullable FileChannel channel;

    /// @param files  that hold the range, or the parts of files that do
    /// @param offset of the range in all of them together
    RangeStream(List<Item.DataFile> files, long offset, long length) {
        this.files = files.iterator();
        this.file = this.files.next();
        this.position = offset;
        this.remaining = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        while (position >= file.sizeBytes()) {
            close();
            position -= file.sizeBytes();
            file = files.next();
        }
        long inFile = Math.min(remaining, file.sizeBytes() - position);
        ByteBuffer into = ByteBuffer.wrap(target, offset, (int) Math.min(inFile, length));
        int read = channel().read(into, file.offset() + position);
        if (read < 0) {
            throw new EOFException("%s ends at %d, had %d bytes".formatted(file.path(), position, file.sizeBytes()));
        }
        position += read;
        remaining -= read;
        return read;
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(file.path(), StandardOpenOption.READ);
            channel = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
