package io.edgeship.queue.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

final class SystemDisk implements Disk {
    static final SystemDisk INSTANCE = new SystemDisk();

    /// What one copy step moves inside the kernel: small enough for the thread to stay interruptible.
    private static final long COPY_BYTES_MAX = 1L << 20;

    private SystemDisk() {}

    @Override
    public void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
        }
    }

    @Override
    public void link(Path link, Path existing) throws IOException {
        Files.createLink(link, existing);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, READ);
                FileChannel out = FileChannel.open(to, CREATE_NEW, WRITE)) {
            long size = in.size();
            for (long offset = 0; offset < size; ) {
                long moved = in.transferTo(offset, Math.min(COPY_BYTES_MAX, size - offset), out);
                if (moved == 0) {
                    throw new EOFException("%s shrank to %d bytes while it was copied".formatted(from, offset));
                }
                offset += moved;
            }
            out.force(true);
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            write(out, content);
            out.force(true);
        }
    }

    @Override
    public void append(Path file, long offset, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, CREATE, WRITE)) {
            out.position(offset);
            write(out, content);
            out.force(false); // the length is data to a file system, so no metadata needed
        }
    }

    private static void write(FileChannel out, byte[] content) throws IOException {
        ByteBuffer remaining = ByteBuffer.wrap(content);
        while (remaining.hasRemaining()) {
            out.write(remaining);
        }
    }

    @Override
    public void truncate(Path file, long sizeBytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, WRITE)) {
            out.truncate(sizeBytes);
            out.force(true);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceFile(Path file) throws IOException {
        force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        force(directory);
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }
}
