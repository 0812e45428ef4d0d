package io.edgeship.queue.journal;

import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/// Refuses every change.
final class ReadOnlyDisk implements Disk {
    static final ReadOnlyDisk INSTANCE = new ReadOnlyDisk();

    private ReadOnlyDisk() {}

    @Override
    public void createDirectory(Path directory) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void link(Path link, Path existing) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void copy(Path from, Path to) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void write(Path file, byte[] content) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void append(Path file, long offset, byte[] content) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void truncate(Path file, long sizeBytes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void move(Path from, Path to) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void forceFile(Path file) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void forceDirectory(Path directory) {
        throw new ReadOnlyFileSystemException();
    }
}
