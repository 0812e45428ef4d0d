package io.edgeship.block.tsdb;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FileSource;
import java.io.IOException;
import java.nio.file.Path;

/// Opens the files of a block by their relative names, wherever the block lies.
@FunctionalInterface
public interface BlockFiles {
    /// @param relativePath `index` or `chunks/000001`
    /// @throws IOException naming the file, if it is not there
    ByteSource open(String relativePath) throws IOException;

    static BlockFiles of(Path blockDir) {
        return relativePath -> FileSource.open(blockDir.resolve(relativePath));
    }
}
