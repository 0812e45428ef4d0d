package io.edgeship.queue;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// The file system without `fsync`: a killed process does not need it, and hundreds of runs cannot afford it.
final class UnforcedDisk implements Disk {
    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void link(Path link, Path existing) throws IOException {
        Files.createLink(link, existing);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
    }

    @Override
    public void append(Path file, long offset, byte[] content) throws IOException {
        byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        byte[] whole = Arrays.copyOf(before, Math.toIntExact(offset) + content.length);
        System.arraycopy(content, 0, whole, Math.toIntExact(offset), content.length);
        Files.write(file, whole);
    }

    @Override
    public void truncate(Path file, long sizeBytes) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), Math.toIntExact(sizeBytes)));
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
    public void forceFile(Path file) {}

    @Override
    public void forceDirectory(Path directory) {}
}
