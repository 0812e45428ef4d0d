package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.SymbolTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Makes one block of several, and its downsampled blocks in the same pass: each source is read front to back once,
/// each result is written front to back. Chunks that nothing overlaps are copied untouched: their checksums are
/// verified, their samples only where results are downsampled. The same sources in the same order give the same bytes
/// (I4).
///
/// In memory are the symbols of all sources (once, and four bytes a symbol and source), what each result's index
/// takes ([io.edgeship.block.tsdb.index.IndexWriter#memoryBytesMax]), one series of each source, and the chunks of
/// the series at hand; when downsampling its samples too: [#memoryBytesMax] adds it up.
public final class BlockMerge {
    // A label that only one series has takes 36 bytes of an index where name and value have four letters: as a symbol,
    // as a row of the table of postings, as a list of one posting, and in the entry of its series. In memory it takes
    // 165 bytes among the symbols, and 120 among the postings of each result. More letters, and more series that share
    // a label, take less of memory for a byte of an index.
    private static final long SYMBOL_BYTES = 5;
    private static final long POSTING_HALF_BYTES = 7;

    /// Readers' windows of symbols, series and chunks, of 16 KiB each.
    private static final long SOURCE_BYTES = 64 << 10;

    /// Buffers before the two files of a result.
    private static final long RESULT_BYTES = 160 << 10;

    /// As they were read and merged; and of the series before that is downsampled meanwhile, likewise and downsampled.
    private static final long CHUNK_COPIES = 5;

    /// One is filled while one is worked on, and what is made of that one is not written yet.
    private static final long BATCHES_BYTES = 3L * DownsamplingThread.BATCH_BYTES;

    /// Two series are downsampled at a time.
    private static final long SAMPLE_COPIES = 2;

    private final List<MergeOutput> merged;
    private final @Nullable DownsamplingThread downsampling;
    private final ChunkMerger merger;
    private long series;
    private long floats;
    private long histograms;

    private BlockMerge(List<MergeOutput> merged, @Nullable DownsamplingThread downsampling, ChunkMerger merger) {
        this.merged = merged;
        this.downsampling = downsampling;
        this.merger = merger;
    }

    /// How much memory a merge takes at most, windows of the sources' bytes and buffers behind the results aside,
    /// with labels of four letters or more.
    ///
    /// @param indexBytes        an index of all series together would have: of the largest source, and what the
    ///                          series that are in none before take in the others
    /// @param seriesChunkBytes  of all chunks of the series that has most
    /// @param seriesSampleBytes of its samples where results are downsampled, else 0: 24 for a number, for a
    ///                          histogram 150 and 8 a bucket
    public static long memoryBytesMax(
            long indexBytes, int sources, int results, long seriesChunkBytes, long seriesSampleBytes) {
        return SYMBOL_BYTES * indexBytes
                + results * (POSTING_HALF_BYTES * indexBytes / 2 + RESULT_BYTES)
                + sources * SOURCE_BYTES
                + CHUNK_COPIES * seriesChunkBytes
                + (seriesSampleBytes > 0 ? BATCHES_BYTES : 0)
                + SAMPLE_COPIES * seriesSampleBytes;
    }

    /// Begins the results, once it is known which symbols they will have.
    @FunctionalInterface
    public interface Opening {
        /// @return finest resolution first; none finer than the sources
        List<MergeOutput> open(SymbolTable symbols) throws IOException;
    }

    /// Is told after each series.
    @FunctionalInterface
    public interface Watcher {
        /// @throws IOException to end the merge
        void series(long done) throws IOException;
    }

    /// Writes everything but the ends of the results: finishing their streams is left to who opened them.
    ///
    /// @param sources          in order of precedence; the readers are walked front to back
    /// @param resolutionMillis of all sources
    /// @param merger           of what overlaps
    /// @param hasIdleCores     whether downsampling may take two threads where the machine has the cores
    /// @throws MergeSourceException naming the source that is at fault; other errors are those of the results
    public static MergeCounts merge(
            List<MergeSource> sources,
            long resolutionMillis,
            ChunkMerger merger,
            boolean hasIdleCores,
            Opening opening,
            Watcher watcher)
            throws IOException {
        SourceSymbols.Merged symbols = SourceSymbols.read(sources);
        PriorityQueue<SourceCursor> heads = new PriorityQueue<>(
                Math.max(1, sources.size()),
                Comparator.comparing(SourceCursor::labels, Arrays::compare).thenComparingInt(SourceCursor::precedence));
        List<SourceCursor> cursors = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            SourceCursor cursor =
                    new SourceCursor(sources.get(i), i, symbols.bySource().get(i));
            cursors.add(cursor);
            if (cursor.next()) {
                heads.add(cursor);
            }
        }
        List<MergeOutput> outputs = opening.open(symbols.table());
        List<MergeOutput> merged = outputs.stream()
                .filter(output -> output.resolutionMillis() == resolutionMillis)
                .toList();
        List<MergeOutput> coarser = outputs.stream()
                .filter(output -> output.resolutionMillis() > resolutionMillis)
                .toList();
        try (DownsamplingThread downsampling = coarser.isEmpty()
                ? null
                : new DownsamplingThread(new CoarserResults(coarser, resolutionMillis), hasIdleCores)) {
            BlockMerge merge = new BlockMerge(merged, downsampling, merger);
            while (!heads.isEmpty()) {
                merge.series(takeAlike(heads), heads);
                watcher.series(++merge.series);
            }
            if (downsampling != null) {
                downsampling.finish();
            }
            return merge.counts(cursors);
        }
    }

    private MergeCounts counts(List<SourceCursor> cursors) {
        Map<Encoding, Long> transcoded = new EnumMap<>(Encoding.class);
        long startsDropped = 0;
        long unknown = 0;
        long deleted = 0;
        for (SourceCursor cursor : cursors) {
            cursor.transcoder()
                    .transcoded()
                    .forEach((encoding, chunks) -> transcoded.merge(encoding, chunks, Long::sum));
            startsDropped += cursor.transcoder().startsDropped();
            unknown += cursor.transcoder().unknown();
            deleted += cursor.deletedSamples();
        }
        return new MergeCounts(series, floats, histograms, deleted, transcoded, startsDropped, unknown);
    }

    /// All sources that are at the first series, in order of precedence.
    private static List<SourceCursor> takeAlike(PriorityQueue<SourceCursor> heads) {
        List<SourceCursor> alike = new ArrayList<>();
        SourceCursor first = heads.remove();
        alike.add(first);
        for (SourceCursor next = heads.peek();
                next != null && Arrays.equals(next.labels(), first.labels());
                next = heads.peek()) {
            alike.add(heads.remove());
        }
        return alike;
    }

    private void series(List<SourceCursor> alike, PriorityQueue<SourceCursor> heads) throws IOException {
        int[] labels = alike.getFirst().labels();
        List<SourceSeries> parts = new ArrayList<>(alike.size());
        for (SourceCursor cursor : alike) {
            SourceSeries part = cursor.series();
            if (!part.chunks().isEmpty()) {
                parts.add(part);
            }
        }
        if (!parts.isEmpty()) {
            write(new MergedSeries(labels, merged(parts), parts));
        }
        for (SourceCursor cursor : alike) {
            if (cursor.next()) {
                heads.add(cursor);
            }
        }
    }

    private List<TimedChunk> merged(List<SourceSeries> parts) throws IOException {
        try {
            List<TimedChunk> chunks =
                    merger.merge(parts.stream().map(SourceSeries::chunks).toList());
            chunks.forEach(this::count);
            return chunks;
        } catch (CorruptChunkException e) {
            throw MergedSeries.blame(parts, e);
        }
    }

    private void write(MergedSeries series) throws IOException {
        if (!series.chunks().isEmpty()) {
            for (MergeOutput output : merged) {
                output.stream().series(series.labels(), series.chunks());
            }
        }
        if (downsampling != null) {
            downsampling.add(series);
        }
    }

    private void count(TimedChunk timed) {
        if (timed.chunk().encoding().holdsFloats()) {
            floats += Math.max(0, timed.chunk().sampleCount());
        } else if (timed.chunk().holdsSamples()) {
            histograms += Math.max(0, timed.chunk().sampleCount());
        }
    }
}
