package io.edgeship.queue.journal;

import static java.nio.file.StandardOpenOption.READ;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// An append-only file of records. [#append] returns only once the record is on disk; the package page draws the
/// layout.
///
/// A crash can tear only the last record, because records are forced one by one. Opening therefore
/// drops an unreadable tail of up to one record, and refuses a longer one: that is no tear but
/// damage, and dropping it would forget what was done.
///
/// Not thread-safe; one process owns the file.
public final class Journal implements AutoCloseable {
    /// Far above any record, far below what a corrupt length could ask for.
    public static final int PAYLOAD_BYTES_MAX = 1 << 16;

    static final int HEADER_BYTES = 2 * Integer.BYTES;

    private final Path file;
    private final Disk disk;
    private long end;
    private boolean done;

    private Journal(Path file, Disk disk, long end) {
        this.file = file;
        this.disk = disk;
        this.end = end;
    }

    /// Takes the records of a journal, oldest first.
    @FunctionalInterface
    public interface Replay {
        void accept(ByteBuffer payload) throws IOException;
    }

    /// Opens or creates the file and shows `replay` each whole record. The new name is durable only once the caller
    /// forced the directory.
    ///
    /// @throws CorruptFormatException for damage that no crash explains
    public static Journal open(Path file, Disk disk, Replay replay) throws IOException {
        if (Files.notExists(file)) {
            disk.append(file, 0, new byte[0]);
            return new Journal(file, disk, 0);
        }
        try (FileChannel channel = FileChannel.open(file, READ)) {
            long end = replay(file, channel, replay);
            long tail = channel.size() - end;
            if (tail > HEADER_BYTES + PAYLOAD_BYTES_MAX) {
                throw new CorruptFormatException(file.toString(), end, tail + " unreadable bytes");
            }
            if (tail > 0) {
                disk.truncate(file, end);
            }
            return new Journal(file, disk, end);
        }
    }

    /// Shows `replay` each whole record of a file that another process may be writing, and changes nothing. A file that
    /// is not there has no records.
    public static void look(Path file, Replay replay) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            replay(file, channel, replay);
        } catch (NoSuchFileException e) {
            return; // nothing was written yet, or the item is gone
        }
    }

    public void append(byte[] payload) throws IOException {
        if (payload.length == 0 || payload.length > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("record of " + payload.length + " bytes; 1 to " + PAYLOAD_BYTES_MAX);
        }
        if (done) {
            throw new IOException(file + ": closed, or an earlier append failed; reopen the journal");
        }
        done = true; // until the record is whole: what follows half a record would be unreachable
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        out.putInt(payload.length).putInt(checksum(payload)).put(payload);
        disk.append(file, end, out.array()); // commit point
        end += out.capacity();
        done = false;
    }

    /// Takes no more records. Nothing is held open between two.
    @Override
    public void close() {
        done = true;
    }

    /// Returns the offset just past the last whole record.
    private static long replay(Path file, FileChannel channel, Replay replay) throws IOException {
        long size = channel.size();
        long offset = 0;
        while (size - offset >= HEADER_BYTES) {
            ByteBuffer header = readFully(file, channel, offset, HEADER_BYTES);
            int length = header.getInt();
            int stored = header.getInt();
            if (length <= 0 || length > PAYLOAD_BYTES_MAX || length > size - offset - HEADER_BYTES) {
                break;
            }
            byte[] payload =
                    readFully(file, channel, offset + HEADER_BYTES, length).array();
            if (checksum(payload) != stored) {
                break;
            }
            replay.accept(ByteBuffer.wrap(payload));
            offset += HEADER_BYTES + length;
        }
        return offset;
    }

    private static ByteBuffer readFully(Path file, FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (channel.read(in, offset + in.position()) < 0) {
                throw new IOException("%s shrank while it was read, at offset %d".formatted(file, offset));
            }
        }
        return in.flip();
    }

    private static int checksum(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
