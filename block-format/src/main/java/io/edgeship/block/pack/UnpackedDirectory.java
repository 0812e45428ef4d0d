package io.edgeship.block.pack;

import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.write.BlockSink;
import io.edgeship.block.write.UnfinishedBlock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/// Unpacks into a directory, which gets its name only when all of the block is on the disk.
public final class UnpackedDirectory {
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
        try (UnfinishedBlock unfinished = UnfinishedBlock.begin(dir);
                FileSource source = FileSource.open(pack)) {
            long total = PackContents.read(source, PackLimits.DEFAULT).sizeBytes();
            BlockSink files = new WatchedFiles(unfinished::file, watcher, 0, total);
            PackContents contents = BlockUnpacker.unpack(source, PackLimits.DEFAULT, files);
            unfinished.force();
            unfinished.publish();
            return contents;
        }
    }
}
