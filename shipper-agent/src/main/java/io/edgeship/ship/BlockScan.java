package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Lists the finished blocks of a data directory: directories named by a ULID, which Prometheus renames into place once
/// they
/// are whole and out of the way before it deletes them.
final class BlockScan {
    private BlockScan() {}

    /// Takes blocks whose meta.json cannot be used.
    @FunctionalInterface
    interface Unreadable {
        void block(Path dir, BlockId id, String why) throws IOException;
    }

    /// Oldest data first.
    static List<Found> blocks(Path directory, Unreadable unreadable) throws IOException {
        List<Found> blocks = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                Optional<BlockId> id = BlockId.tryParse(String.valueOf(entry.getFileName()));
                if (id.isPresent()) {
                    look(entry, id.get(), unreadable).ifPresent(blocks::add);
                }
            }
        }
        blocks.sort(
                Comparator.comparingLong((Found block) -> block.meta().range().minTime())
                        .thenComparing(block -> block.meta().id()));
        return blocks;
    }

    private static Optional<Found> look(Path dir, BlockId id, Unreadable unreadable) throws IOException {
        try {
            BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
            if (meta.id().equals(id)) {
                return Optional.of(new Found(dir, meta));
            }
            unreadable.block(dir, id, "meta.json says ulid " + meta.id());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // being deleted
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            unreadable.block(dir, id, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }
}
