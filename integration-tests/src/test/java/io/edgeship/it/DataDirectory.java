package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The blocks in the data directory of a Prometheus that runs, or in a directory of the spool.
final class DataDirectory {
    private DataDirectory() {}

    static List<BlockMeta> blocks(Path dir) throws IOException {
        List<BlockMeta> blocks = new ArrayList<>();
        for (Path block : directories(dir)) {
            read(block).ifPresent(blocks::add);
        }
        return blocks;
    }

    private static Optional<BlockMeta> read(Path block) throws IOException {
        try {
            return Optional.of(BlockMeta.read(block.resolve("meta.json")));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // Prometheus has just deleted it
        }
    }

    /// Of the newest block, exclusive; 0 if there is none.
    static long maxTime(Path dir) throws IOException {
        return blocks(dir).stream()
                .mapToLong(block -> block.range().maxTime())
                .max()
                .orElse(0);
    }

    private static List<Path> directories(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.filter(entry ->
                            BlockId.tryParse(entry.getFileName().toString()).isPresent())
                    .toList();
        }
    }
}
