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

/// Lists the finished blocks of a data directory: directories named by a ULID, which Prometheus renames into place
/// once they are whole and out of the way before it deletes them.
///
/// @param blocks   those whose meta.json could be read, oldest data first
/// @param unusable the others
record BlockScan(List<Found> blocks, List<Unusable> unusable) {
    BlockScan {
        blocks = List.copyOf(blocks);
        unusable = List.copyOf(unusable);
    }

    /// A block whose meta.json says nothing.
    ///
    /// @param corrupt false where it could not even be read: the disk may give it another time
    record Unusable(Path dir, BlockId id, String why, boolean corrupt) {}

    static BlockScan of(Path directory) throws IOException {
        List<Found> blocks = new ArrayList<>();
        List<Unusable> unusable = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                Optional<BlockId> id = BlockId.tryParse(String.valueOf(entry.getFileName()));
                if (id.isPresent()) {
                    look(entry, id.get(), blocks, unusable);
                }
            }
        }
        blocks.sort(
                Comparator.comparingLong((Found block) -> block.meta().range().minTime())
                        .thenComparing(block -> block.meta().id()));
        return new BlockScan(blocks, unusable);
    }

    private static void look(Path dir, BlockId id, List<Found> blocks, List<Unusable> unusable) {
        Path file = dir.resolve(BlockMeta.FILE_NAME);
        try {
            BlockMeta meta = BlockMeta.read(file);
            if (meta.id().equals(id)) {
                blocks.add(new Found(dir, meta));
            } else {
                unusable.add(new Unusable(dir, id, file + " says ulid " + meta.id(), true));
            }
        } catch (NoSuchFileException e) {
            // Being deleted: nothing to take any more.
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            unusable.add(new Unusable(dir, id, String.valueOf(e.getMessage()), true));
        } catch (IOException e) {
            unusable.add(new Unusable(dir, id, "cannot be read: " + e, false));
        }
    }
}
