package io.edgeship.agent.check;

import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.ship.Found;
import io.edgeship.ship.Preview;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a source's blocks are like. The agent may be running, and Prometheus deleting.
///
/// @param newest     its directory
/// @param outOfOrder blocks that Prometheus made of out-of-order samples
/// @param deleting   blocks with tombstones
/// @param encodings  of chunks in the newest block
record BlocksOnDisk(
        int count,
        long bytes,
        long spanMillis,
        int outOfOrder,
        int deleting,
        int merged,
        Set<Encoding> encodings,
        Optional<Path> newest) {
    static final BlocksOnDisk NONE =
            new BlocksOnDisk(0, 0, 0, 0, 0, 0, EnumSet.noneOf(Encoding.class), Optional.empty());

    /// A block has so many series of a kind that the first ones tell.
    private static final int SERIES_LOOKED_AT = 500;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /// Ends the look at a block.
    private static final class Enough extends IOException {
        private static final long serialVersionUID = 1;
    }

    static BlocksOnDisk of(SourceConfig source, InstantSource clock) throws IOException {
        return of(Preview.of(source, clock).keySet().stream().toList());
    }

    static BlocksOnDisk of(List<Found> blocks) {
        if (blocks.isEmpty()) {
            return NONE;
        }
        long from = blocks.stream()
                .mapToLong(block -> block.meta().range().minTime())
                .min()
                .orElseThrow();
        long to = blocks.stream()
                .mapToLong(block -> block.meta().range().maxTime())
                .max()
                .orElseThrow();
        Found newest = blocks.stream()
                .max(Comparator.comparingLong(
                        (Found block) -> block.meta().range().maxTime()))
                .orElseThrow();
        return new BlocksOnDisk(
                blocks.size(),
                blocks.stream().mapToLong(block -> bytesOf(block.dir())).sum(),
                to - from,
                count(blocks, meta -> meta.compaction().hints().contains(BlockMeta.Compaction.FROM_OUT_OF_ORDER)),
                count(blocks, meta -> meta.stats().numTombstones() > 0),
                count(blocks, meta -> meta.compaction().level() > 1),
                encodings(newest.dir()),
                Optional.of(newest.dir()));
    }

    private interface Kind {
        boolean is(BlockMeta meta);
    }

    private static int count(List<Found> blocks, Kind kind) {
        return (int) blocks.stream().filter(block -> kind.is(block.meta())).count();
    }

    private static Set<Encoding> encodings(Path dir) {
        Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        int[] looked = {0};
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir))) {
            block.forEachSeries(List.of(), series -> {
                if (!series.chunks().isEmpty()) {
                    encodings.add(block.chunk(series.chunks().getFirst().ref()).encoding());
                }
                if (++looked[0] == SERIES_LOOKED_AT) {
                    throw new Enough();
                }
            });
        } catch (IOException e) {
            return encodings; // seen enough; or it is being deleted, or corrupt, which is the agent's affair
        }
        return encodings;
    }

    private static long bytesOf(Path dir) {
        try (Stream<Path> files = Files.walk(dir)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException | UncheckedIOException e) {
            return 0; // being deleted
        }
    }

    /// An estimate; 0 while there is nothing to tell it from.
    long bytesPerDay() {
        return spanMillis == 0 ? 0 : (long) ((double) bytes / spanMillis * DAY_MILLIS);
    }

    double days() {
        return spanMillis / (double) DAY_MILLIS;
    }
}
