package io.edgeship.block.downsample;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Makes the downsampled block of a block. It has the same labels, lineage and times; deleted samples, which Thanos
/// keeps too, are not left out. Stateless. In memory are symbols and postings of the new index, and all samples of
/// one series.
public final class BlockDownsampler {
    private static final String RULE = "downsample";

    private BlockDownsampler() {}

    /// Is told after each series.
    @FunctionalInterface
    public interface Watcher {
        /// @param total as meta.json says
        void series(long done, long total);
    }

    /// Writes the downsampled block under `out` and returns its directory.
    ///
    /// @return empty if nothing is left, as of blocks that have nothing but stale markers
    /// @throws IOException if the block is not of the resolution that this one is made of
    public static Optional<Path> downsample(Path dir, Path out, Resolution resolution, Watcher watcher)
            throws IOException {
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        ThanosMeta thanos = meta.thanos() == null ? ThanosMeta.empty() : meta.thanos();
        if (thanos.resolutionMillis() != resolution.fromMillis()) {
            throw new IOException("%s has a resolution of %d ms; blocks of %d ms are made of blocks of %d ms"
                    .formatted(dir, thanos.resolutionMillis(), resolution.millis(), resolution.fromMillis()));
        }
        BlockId id = idOf(meta.id(), thanos.labels(), meta.range(), resolution);
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir));
                BlockWriter writer = BlockWriter.create(out, id, IndexDialect.SINCE_3_7, symbols(block))) {
            series(
                    block,
                    writer,
                    resolution,
                    done -> watcher.series(done, meta.stats().numSeries()));
            if (writer.stats().numSeries() == 0) {
                return Optional.empty();
            }
            ThanosMeta section = thanos.compacted(resolution.millis(), writer.indexStats());
            return Optional.of(writer.finish(
                    new BlockMeta(id, meta.range(), stats(meta, writer), meta.compaction(), section, meta.original())));
        }
    }

    /// The ULID of the downsampled block of a block.
    public static BlockId idOf(BlockId from, Map<String, String> labels, TimeRange range, Resolution resolution) {
        return DerivedBlockId.of(RULE, List.of(from), labels, resolution.millis(), range);
    }

    private interface Progress {
        void done(long series);
    }

    private static void series(BlockReader block, BlockWriter writer, Resolution resolution, Progress progress)
            throws IOException {
        BlockReader.Cursor cursor = block.cursor();
        long done = 0;
        for (BlockReader.Series it = cursor.next(); it != null; it = cursor.next()) {
            List<TimedChunk> chunks = downsampled(it, resolution);
            if (!chunks.isEmpty()) {
                writer.series(it.labels(), chunks);
            }
            progress.done(++done);
        }
    }

    private static List<TimedChunk> downsampled(BlockReader.Series series, Resolution resolution) throws IOException {
        try {
            List<TimedChunk> chunks = series.readChunks();
            return resolution.fromMillis() == 0
                    ? SeriesDownsampler.raw(chunks, resolution)
                    : SeriesDownsampler.aggregates(chunks, resolution);
        } catch (CorruptChunkException e) {
            String file = "chunks/" + series.chunks().getFirst().ref().fileName();
            long offset = series.chunks().getFirst().ref().offset();
            throw new CorruptFormatException(
                    file, offset, "chunks of %s: %s".formatted(series.labels(), e.getMessage()));
        }
    }

    /// How many samples of which kind there once were stays known, as Thanos leaves it.
    private static BlockMeta.Stats stats(BlockMeta from, BlockWriter writer) {
        BlockMeta.Stats now = writer.stats();
        return new BlockMeta.Stats(
                now.numSamples(),
                from.stats().numFloatSamples(),
                from.stats().numHistogramSamples(),
                now.numSeries(),
                now.numChunks(),
                0);
    }

    private static Set<String> symbols(BlockReader block) throws IOException {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        block.index().symbols().forEach(symbols::add);
        return symbols;
    }
}
