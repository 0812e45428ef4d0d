package io.edgeship.block.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.transcode.ReadableBlock;
import io.edgeship.block.transcode.RewriteCounts;
import io.edgeship.block.transcode.RewrittenBlock;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.write.BlockWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes one block, which a stock Thanos reads, of several: a block of late samples, say, and the regular block of its
/// time. Every sample is there once, deleted ones are gone. The new block is of level 1 and its own source, for what it
/// replaces must not have reached a bucket. The same blocks in any order give the same block (I4). In memory are
/// symbols
/// and postings of the new index, and the chunks of one series. Not thread-safe.
public final class BlockMerger implements Closeable {
    public static final String RULE = "merge";

    private final List<Head> heads = new ArrayList<>();
    private final SeriesMerger merger = new SeriesMerger();
    private final Watcher watcher;

    /// Is told after each series of the new block.
    @FunctionalInterface
    public interface Watcher {
        void series(long done);
    }

    /// A block and the series that it is at.
    private static final class Head {
        private final ReadableBlock block;
        private ReadableBlock.@Nullable Series series;

        Head(ReadableBlock block) throws IOException {
            this.block = block;
            this.series = block.next();
        }
    }

    private BlockMerger(Watcher watcher) {
        this.watcher = watcher;
    }

    /// Merges `dirs` into a new block under `out`.
    ///
    /// @return empty if every sample of them is deleted
    /// @throws IOException naming the block, if one cannot be read, is downsampled, or is of another stream
    public static Optional<RewrittenBlock> merge(Collection<Path> dirs, Path out, Watcher watcher) throws IOException {
        if (dirs.isEmpty()) {
            throw new IllegalArgumentException("no block to merge");
        }
        try (BlockMerger merger = new BlockMerger(watcher)) {
            merger.open(dirs);
            return merger.run(out);
        }
    }

    private void open(Collection<Path> dirs) throws IOException {
        List<ReadableBlock> blocks = new ArrayList<>();
        try {
            for (Path dir : dirs) {
                blocks.add(ReadableBlock.open(dir));
            }
            blocks.sort(SourceOrder.INSTANCE);
            SourceOrder.requireOneStream(blocks);
            for (ReadableBlock block : blocks) {
                heads.add(new Head(block));
            }
        } catch (IOException | RuntimeException e) {
            for (ReadableBlock block : blocks) {
                block.close();
            }
            throw e;
        }
    }

    private Optional<RewrittenBlock> run(Path out) throws IOException {
        ThanosMeta section = heads.getFirst().block.meta().thanos();
        ThanosMeta thanos = section == null ? ThanosMeta.empty() : section;
        BlockId id = DerivedBlockId.of(RULE, ids(), thanos.labels(), 0, range());
        try (BlockWriter writer = BlockWriter.create(out, id, IndexDialect.SINCE_3_7, symbols())) {
            long done = 0;
            for (LabelSet labels = first(); labels != null; labels = first()) {
                writer.series(labels, take(labels));
                watcher.series(++done);
            }
            if (done == 0) {
                return Optional.empty();
            }
            RewriteCounts counts = counts();
            ThanosMeta said = thanos.withExtension(RewriteCounts.EXTENSION, counts.toJson(RULE, ids()));
            Path dir = writer.finish(BlockMeta.of(id, range(), writer.stats()).withThanos(said));
            return Optional.of(new RewrittenBlock(dir, BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME)), counts));
        }
    }

    /// The labels that come first of all series that the blocks are at.
    private @Nullable LabelSet first() {
        LabelSet first = null;
        for (Head head : heads) {
            if (head.series != null && (first == null || head.series.labels().compareTo(first) < 0)) {
                first = head.series.labels();
            }
        }
        return first;
    }

    private List<TimedChunk> take(LabelSet labels) throws IOException {
        List<List<TimedChunk>> bySource = new ArrayList<>();
        List<Head> took = new ArrayList<>();
        for (Head head : heads) {
            ReadableBlock.Series series = head.series;
            if (series != null && series.labels().equals(labels)) {
                bySource.add(series.chunks());
                took.add(head);
            }
        }
        List<TimedChunk> merged = merge(labels, bySource, took.getFirst().block.dir());
        for (Head head : took) {
            head.series = head.block.next();
        }
        return merged;
    }

    private List<TimedChunk> merge(LabelSet labels, List<List<TimedChunk>> bySource, Path dir) throws IOException {
        try {
            return merger.merge(bySource);
        } catch (CorruptChunkException e) {
            throw new CorruptFormatException(dir.toString(), 0, "chunks of %s: %s".formatted(labels, e.getMessage()));
        }
    }

    private List<BlockId> ids() {
        return heads.stream().map(head -> head.block.meta().id()).toList();
    }

    private TimeRange range() {
        long minTime = Long.MAX_VALUE;
        long maxTime = Long.MIN_VALUE;
        for (Head head : heads) {
            minTime = Math.min(minTime, head.block.meta().range().minTime());
            maxTime = Math.max(maxTime, head.block.meta().range().maxTime());
        }
        return new TimeRange(minTime, maxTime);
    }

    private Set<String> symbols() throws IOException {
        Set<String> symbols = new TreeSet<>(Utf8Order.COMPARATOR);
        for (Head head : heads) {
            head.block.symbols().forEach(symbols::add);
        }
        return symbols;
    }

    private RewriteCounts counts() {
        RewriteCounts sum = RewriteCounts.NONE;
        for (Head head : heads) {
            sum = sum.plus(head.block.counts());
        }
        return sum.withDuplicates(merger.duplicates(), merger.conflicts());
    }

    @Override
    public void close() throws IOException {
        for (Head head : heads) {
            head.block.close();
        }
    }
}
