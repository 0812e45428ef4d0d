package io.edgeship.block.transcode;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Writes a block anew so that a stock Thanos reads it. Stateless. In memory are symbols and postings of the new index,
/// and the chunks of one series.
public final class BlockTranscoder {
    public static final String RULE = "transcode";

    private BlockTranscoder() {}

    /// Is told after each series.
    @FunctionalInterface
    public interface Watcher {
        /// @param total as meta.json says
        void series(long done, long total);
    }

    /// Writes what is in `dir` as a new block under `out`. A block of level 1 becomes its own source, as every such
    /// block
    /// is; one of a higher level keeps its sources, for it holds the very samples that these had.
    ///
    /// @return empty if every sample is deleted
    public static Optional<RewrittenBlock> transcode(Path dir, Path out, Watcher watcher) throws IOException {
        try (ReadableBlock block = ReadableBlock.open(dir)) {
            BlockMeta old = block.meta();
            ThanosMeta thanos = old.thanos();
            Map<String, String> labels = thanos == null ? Map.of() : thanos.labels();
            BlockId id = DerivedBlockId.of(RULE, List.of(old.id()), labels, block.resolutionMillis(), old.range());
            Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
            block.symbols().forEach(symbols::add);
            try (BlockWriter writer = BlockWriter.create(out, id, IndexDialect.SINCE_3_7, symbols)) {
                long done = 0;
                for (ReadableBlock.Series it = block.next(); it != null; it = block.next()) {
                    writer.series(it.labels(), it.chunks());
                    watcher.series(++done, old.stats().numSeries());
                }
                return done == 0 ? Optional.empty() : Optional.of(finish(writer, id, block));
            }
        }
    }

    private static RewrittenBlock finish(BlockWriter writer, BlockId id, ReadableBlock block) throws IOException {
        BlockMeta old = block.meta();
        RewriteCounts counts = block.counts();
        BlockMeta fresh = BlockMeta.of(id, old.range(), writer.stats());
        BlockMeta meta = old.compaction().level() > 1 ? fresh.withCompaction(old.compaction()) : fresh;
        ThanosMeta section = old.thanos() == null ? ThanosMeta.empty() : old.thanos();
        ThanosMeta said = section.withExtension(RewriteCounts.EXTENSION, counts.toJson(RULE, List.of(old.id())));
        Path dir = writer.finish(meta.withThanos(said));
        return new RewrittenBlock(dir, BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME)), counts);
    }
}
