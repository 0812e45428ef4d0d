package io.edgeship.queue.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The few sequences of [Disk] calls that survive a power cut, each with its commit point.
public final class DurableFiles {
    /// Ends the names of what is not finished yet, or no longer wanted. Recovery removes it.
    public static final String TMP = ".tmp";

    private final Disk disk;

    public DurableFiles(Disk disk) {
        this.disk = disk;
    }

    /// Replaces `directory/name` so that a crash at any moment leaves the old file or the new one whole.
    /// A file that shares its bytes with the old name through a hard link keeps them.
    public void replace(Path directory, String name, byte[] content) throws IOException {
        Path tmp = directory.resolve(name + TMP);
        disk.delete(tmp); // a leftover may be a link to somebody else's file: never write into it
        disk.write(tmp, content); // forces: else the new name could point at missing bytes
        disk.move(tmp, directory.resolve(name)); // commit point, once the directory is forced
        disk.forceDirectory(directory);
    }

    /// Moves a finished file or directory. Both directories are forced, the new one first: a cut between
    /// the two may show it twice on some file systems, never not at all.
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to); // commit point, once the new directory is forced
        disk.forceDirectory(parent(to));
        if (!parent(from).equals(parent(to))) {
            disk.forceDirectory(parent(from));
        }
    }

    /// Deletes a file for good.
    public void delete(Path file) throws IOException {
        disk.delete(file);
        disk.forceDirectory(parent(file));
    }

    /// Deletes a directory with all that is in it: it disappears at once under its own name, and what a crash leaves
    /// of it is named [#TMP].
    public void deleteTree(Path directory) throws IOException {
        Path doomed = directory;
        if (!directory.toString().endsWith(TMP)) {
            doomed = directory.resolveSibling(directory.getFileName() + TMP);
            removeTree(doomed); // a leftover of the same name would be in the way
            disk.move(directory, doomed); // commit point: the rest is clean-up
            disk.forceDirectory(parent(directory));
        }
        removeTree(doomed);
        disk.forceDirectory(parent(doomed));
    }

    private void removeTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path child : children(path)) {
                removeTree(child);
            }
        }
        disk.delete(path);
    }

    /// The entries of a directory in the order of their names.
    public static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no directory above it");
        }
        return parent;
    }
}
