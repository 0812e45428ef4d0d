package io.edgeship.queue;

import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files of a TSDB block's directory, by name.
final class BlockFiles {
    static final String CHUNKS = "chunks";
    static final String INDEX = "index";
    static final String META = "meta.json";
    static final String TOMBSTONES = "tombstones";

    private BlockFiles() {}

    /// The chunk segments of a block in order; none if there is no `chunks/`.
    static List<Path> segments(Path block) throws IOException {
        Path chunks = block.resolve(CHUNKS);
        return Files.isDirectory(chunks) ? DurableFiles.children(chunks) : List.of();
    }

    /// All the block's own files that are there.
    static List<Path> all(Path block) throws IOException {
        List<Path> files = new ArrayList<>(segments(block));
        for (String name : List.of(INDEX, META, TOMBSTONES)) {
            Path file = block.resolve(name);
            if (Files.isRegularFile(file)) {
                files.add(file);
            }
        }
        return files;
    }

    static long sizeBytes(Path block) throws IOException {
        long size = 0;
        for (Path file : all(block)) {
            size += Files.size(file);
        }
        return size;
    }
}
