package io.edgeship.queue.journal;

import java.io.IOException;
import java.nio.file.Path;

/// Every change that the spool makes to a file system, one call each, so that a test can stop the
/// world between any two of them. [#system] is the real one.
///
/// Nothing here is durable by itself: content is after [#write], [#append], [#copy] or [#forceFile] return, a name
/// is after [#forceDirectory] of its directory returns. A call that fails for want of room may have done half of its
/// work. Thread-safe.
public interface Disk {
    static Disk system() {
        return SystemDisk.INSTANCE;
    }

    /// One that throws whatever it is asked to change.
    static Disk readOnly() {
        return ReadOnlyDisk.INSTANCE;
    }

    /// Makes the directory; one that exists already is no error.
    void createDirectory(Path directory) throws IOException;

    /// Makes `link` a second name of the file `existing`.
    void link(Path link, Path existing) throws IOException;

    /// Copies the content of `from` to the new file `to` and forces it.
    void copy(Path from, Path to) throws IOException;

    /// Writes a file, replacing its content, and forces it.
    void write(Path file, byte[] content) throws IOException;

    /// Writes at `offset`, which is the length of a file or less, and forces it. Makes the file if it is missing.
    void append(Path file, long offset, byte[] content) throws IOException;

    /// Cuts a file to a length and forces it.
    void truncate(Path file, long sizeBytes) throws IOException;

    /// Renames atomically, replacing a file of the new name.
    void move(Path from, Path to) throws IOException;

    /// Deletes a file or an empty directory; a missing one is no error.
    void delete(Path path) throws IOException;

    void forceFile(Path file) throws IOException;

    void forceDirectory(Path directory) throws IOException;
}
