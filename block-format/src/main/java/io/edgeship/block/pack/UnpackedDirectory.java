package io.edgeship.block.pack;

import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.write.BlockSink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Unpacks into a directory, which gets its name only when all of the block is on the disk.
public final class UnpackedDirectory {
    /// Prometheus clears away directories of this ending when it starts, and never reads them.
    private static final String UNFINISHED = ".tmp-for-creation";

    private UnpackedDirectory() {}

    /// Makes the block of a pack again. What an unpacking that was killed left goes away.
    ///
    /// @throws FileAlreadyExistsException if `dir` is there
    /// @throws IOException                as [BlockUnpacker#unpack] does; nothing is left then
    public static PackContents of(Path pack, Path dir) throws IOException {
        return of(pack, dir, PackWatcher.NONE);
    }

    /// As [#of(Path, Path)], and tells the watcher how far it is.
    public static PackContents of(Path pack, Path dir, PackWatcher watcher) throws IOException {
        if (Files.exists(dir)) {
            throw new FileAlreadyExistsException(dir.toString());
        }
        Path unfinished = dir.resolveSibling(dir.getFileName() + UNFINISHED);
        deleteTree(unfinished);
        Files.createDirectories(unfinished.resolve("chunks"));
        try (FileSource source = FileSource.open(pack)) {
            long total = PackContents.read(source, PackLimits.DEFAULT).sizeBytes();
            BlockSink files = new WatchedFiles(path -> FileSink.create(unfinished.resolve(path)), watcher, 0, total);
            PackContents contents = BlockUnpacker.unpack(source, PackLimits.DEFAULT, files);
            force(unfinished.resolve("chunks"));
            force(unfinished);
            Files.move(unfinished, dir, StandardCopyOption.ATOMIC_MOVE);
            force(dir.toAbsolutePath().resolveSibling(""));
            return contents;
        } finally {
            deleteTree(unfinished);
        }
    }

    private static void force(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
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
