package io.edgeship.block.write;

import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.IndexStats;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.SegmentWriter;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.IndexWriter;
import io.edgeship.block.tsdb.index.SymbolTable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Writes segments and index of a block, series by series, front to back, to wherever its [BlockSink] leads. In
/// memory are the chunks of one series, and what [IndexWriter#memoryBytesMax] says. Not thread-safe.
public final class BlockStream implements Closeable {
    private static final String INDEX = "index";
    private static final String CHUNKS = "chunks/";

    private final SymbolTable symbols;
    private final SegmentWriter segments;
    private final IndexWriter index;
    private final Tally tally = new Tally();

    private BlockStream(SymbolTable symbols, SegmentWriter segments, IndexWriter index) {
        this.symbols = symbols;
        this.segments = segments;
        this.index = index;
    }

    /// @param symbols of every series to come; more do no harm
    public static BlockStream begin(BlockSink out, IndexDialect dialect, SymbolTable symbols) throws IOException {
        IndexWriter index = IndexWriter.create(out.file(INDEX), dialect, symbols);
        return new BlockStream(symbols, new SegmentWriter(name -> out.file(CHUNKS + name)), index);
    }

    /// Adds a series.
    ///
    /// @param chunks in the order of time
    /// @throws IllegalArgumentException if the series does not come after the one before, has a symbol that was not
    ///                                  given, or no chunk
    public void series(LabelSet labels, List<TimedChunk> chunks) throws IOException {
        series(symbols.numbersOf(labels), chunks);
    }

    /// As the other, with the symbols' numbers of names and values in turn.
    public void series(int[] labels, List<TimedChunk> chunks) throws IOException {
        if (chunks.isEmpty()) {
            throw new IllegalArgumentException("a series without chunks: " + symbols.labels(labels));
        }
        List<ChunkRef> refs =
                segments.write(chunks.stream().map(TimedChunk::chunk).toList());
        List<ChunkMeta> metas = new ArrayList<>(chunks.size());
        for (int i = 0; i < refs.size(); i++) {
            TimedChunk chunk = chunks.get(i);
            metas.add(new ChunkMeta(chunk.minTime(), chunk.maxTime(), refs.get(i)));
            tally.add(chunk);
        }
        index.series(labels, metas);
    }

    /// What has been written so far, without tombstones. Windows of aggregates are samples, but neither floats nor
    /// histograms, as Prometheus counts them.
    public BlockMeta.Stats stats() {
        return tally.stats(index.seriesCount());
    }

    /// From the first sample so far to just after the last.
    ///
    /// @throws IllegalStateException before the first series
    public TimeRange samples() {
        return tally.range();
    }

    /// How many bytes a reader has to expect, as `thanos.index_stats` says it.
    public IndexStats indexStats() {
        return new IndexStats(index.seriesBytesMax(), tally.chunkBytesMax);
    }

    /// Ends the block's files and makes them durable.
    ///
    /// @return segments, then the index, with their sizes
    public List<BlockFile> finish() throws IOException {
        List<BlockFile> files = new ArrayList<>();
        for (SegmentWriter.Segment segment : segments.finish()) {
            files.add(new BlockFile(CHUNKS + segment.fileName(), segment.sizeBytes(), null));
        }
        index.finish();
        files.add(new BlockFile(INDEX, index.sizeBytes(), null));
        return files;
    }

    /// Gives up what was not finished.
    @Override
    public void close() throws IOException {
        try (index) {
            segments.close();
        }
    }

    /// What meta.json counts.
    private static final class Tally {
        private long chunks;
        private long samples;
        private long floats;
        private long histograms;
        private long minTime = Long.MAX_VALUE;
        private long maxTime = Long.MIN_VALUE;
        private long chunkBytesMax;

        void add(TimedChunk timed) {
            Chunk chunk = timed.chunk();
            int count = Math.max(0, chunk.sampleCount());
            chunks++;
            samples += count;
            if (chunk.encoding().holdsFloats()) {
                floats += count;
            } else if (chunk.holdsSamples()) {
                histograms += count;
            }
            minTime = Math.min(minTime, timed.minTime());
            maxTime = Math.max(maxTime, timed.maxTime());
            chunkBytesMax = Math.max(chunkBytesMax, SegmentWriter.sizeBytes(chunk));
        }

        BlockMeta.Stats stats(long series) {
            return new BlockMeta.Stats(samples, floats, histograms, series, chunks, 0);
        }

        TimeRange range() {
            if (chunks == 0) {
                throw new IllegalStateException("no sample yet");
            }
            return new TimeRange(minTime, maxTime + 1);
        }
    }
}
