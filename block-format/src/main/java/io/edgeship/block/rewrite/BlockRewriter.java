package io.edgeship.block.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Writes blocks anew: overlapping ones as one, without deleted samples and what is not to be kept, relabelled,
/// rounded, downsampled, as ordered, and always in encodings that a stock Thanos reads. The same order gives the same
/// bytes, however the sources are named (I4). Stateless.
///
/// In memory are symbols and postings of the new index ([io.edgeship.block.tsdb.index.IndexWriter#memoryBytesMax]), the
/// tombstones and the chunks of one series; with a resolution its samples; with relabelling an entry for each series
/// ([RelabelledSeries#entryBytes]: 132 bytes with twelve labels; at most [RelabelledSeries#SERIES_MAX] series).
public final class BlockRewriter {
    private BlockRewriter() {}

    /// Is told after each series of the new block.
    @FunctionalInterface
    public interface Watcher {
        void series(long done);
    }

    /// Writes the new block under `out`; it is complete, verified and forced when it gets its name.
    ///
    /// @return empty if no sample is left
    /// @throws java.nio.file.FileAlreadyExistsException if the block is there
    /// @throws IOException naming the source, if one cannot be read, is downsampled or of another stream, or has a
    ///                     chunk of an unknown encoding that would have to be taken apart
    public static Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out, Watcher watcher) throws IOException {
        try (Sources sources = Sources.open(order.sources())) {
            List<TimeRange> kept = order.keptOf(sources.range());
            if (kept.isEmpty()) {
                return Optional.empty();
            }
            NewBlock block = new NewBlock(order, sources, kept);
            if (block.isCut()) {
                sources.list().forEach(source -> source.keepOnly(kept));
            }
            Tally tally = new Tally();
            SeriesWalk series = order.relabeling().isNone()
                    ? new SeriesAsTheyAre(sources.list())
                    : RelabelledSeries.read(sources.list(), order.relabeling(), tally, RelabelledSeries.SERIES_MAX);
            return write(block, series, tally, out, watcher);
        }
    }

    private static Optional<RewrittenBlock> write(
            NewBlock block, SeriesWalk walk, Tally tally, Path out, Watcher watcher) throws IOException {
        SeriesRewriter series = new SeriesRewriter(block.order());
        try (BlockWriter writer = BlockWriter.create(out, block.id(), IndexDialect.SINCE_3_7, walk.symbols())) {
            long done = 0;
            for (SeriesWalk.Group group = walk.next(); group != null; group = walk.next()) {
                List<TimedChunk> chunks = series.chunks(group);
                if (!chunks.isEmpty()) {
                    writer.series(group.labels(), chunks);
                    watcher.series(++done);
                }
            }
            if (done == 0) {
                return Optional.empty();
            }
            series.countInto(tally);
            block.sources().list().forEach(source -> source.countInto(tally));
            BlockMeta meta = block.meta(
                    writer.stats(), series.floats(), series.histograms(), writer.indexStats(), tally.counts());
            Path dir = writer.finish(meta);
            return Optional.of(
                    new RewrittenBlock(dir, BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME)), tally.counts()));
        }
    }
}
