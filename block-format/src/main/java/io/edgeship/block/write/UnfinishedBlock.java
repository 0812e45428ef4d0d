package io.edgeship.block.write;

import io.edgeship.block.encoding.FileSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A block's directory while it is being written: under a name that no reader looks at, until all of it is on the
/// disk. Closing it removes what was not published. Not thread-safe.
public final class UnfinishedBlock implements Closeable {
    /// Prometheus clears away directories of this ending when it starts, and never reads them.
    static final String ENDING = ".tmp-for-creation";

    private static final String CHUNKS = "chunks";

    private final Path dir;
    private final Path unfinished;

    private UnfinishedBlock(Path dir, Path unfinished) {
        this.dir = dir;
        this.unfinished = unfinished;
    }

    /// Begins the block `dir`. What a process that was killed left of it goes away.
    ///
    /// @throws FileAlreadyExistsException if `dir` is there
    public static UnfinishedBlock begin(Path dir) throws IOException {
        if (Files.exists(dir)) {
            throw new FileAlreadyExistsException(dir.toString());
        }
        Path unfinished = dir.resolveSibling(dir.getFileName() + ENDING);
        deleteTree(unfinished);
        Files.createDirectories(unfinished.resolve(CHUNKS));
        return new UnfinishedBlock(dir, unfinished);
    }

    /// Where it is until it is published.
    public Path path() {
        return unfinished;
    }

    /// Begins a file of it.
    ///
    /// @param path relative to the block
    public FileSink file(String path) throws IOException {
        return FileSink.create(unfinished.resolve(path));
    }

    /// Gets the entries of its directories on the disk; its files are their writers' affair.
    public void force() throws IOException {
        FileSink.force(unfinished.resolve(CHUNKS));
        FileSink.force(unfinished);
    }

    /// Gives it its name, for good.
    public void publish() throws IOException {
        Files.move(unfinished, dir, StandardCopyOption.ATOMIC_MOVE);
        FileSink.force(dir.toAbsolutePath().resolveSibling(""));
    }

    @Override
    public void close() throws IOException {
        deleteTree(unfinished);
    }

    private static void deleteTree(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(dir)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
