package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
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

    /// As they were read, merged and downsampled.
    private static final long CHUNK_COPIES = 3;

    private final List<MergeOutput> outputs;
    private final long resolutionMillis;
    private final ChunkMerger merger;
    private final SeriesDownsampler downsampler = new SeriesDownsampler();
    private long series;
    private long floats;
    private long histograms;

    private BlockMerge(List<MergeOutput> outputs, long resolutionMillis, ChunkMerger merger) {
        this.outputs = outputs;
        this.resolutionMillis = resolutionMillis;
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
                + seriesSampleBytes;
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
    /// @throws MergeSourceException naming the source that is at fault; other errors are those of the results
    public static MergeCounts merge(
            List<MergeSource> sources, long resolutionMillis, ChunkMerger merger, Opening opening, Watcher watcher)
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
        BlockMerge merge = new BlockMerge(opening.open(symbols.table()), resolutionMillis, merger);
        while (!heads.isEmpty()) {
            merge.series(takeAlike(heads), heads);
            watcher.series(++merge.series);
        }
        return merge.counts(cursors);
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
        List<List<TimedChunk>> bySource = new ArrayList<>(alike.size());
        for (SourceCursor cursor : alike) {
            List<TimedChunk> chunks = cursor.chunks();
            if (!chunks.isEmpty()) {
                bySource.add(chunks);
            }
        }
        if (!bySource.isEmpty()) {
            write(labels, results(alike, bySource));
        }
        for (SourceCursor cursor : alike) {
            if (cursor.next()) {
                heads.add(cursor);
            }
        }
    }

    /// The chunks of each result.
    private List<List<TimedChunk>> results(List<SourceCursor> alike, List<List<TimedChunk>> bySource)
            throws IOException {
        try {
            List<TimedChunk> chunks = merger.merge(bySource);
            chunks.forEach(this::count);
            return downsampled(chunks);
        } catch (CorruptChunkException e) {
            for (SourceCursor cursor : alike) {
                cursor.takeApart();
            }
            throw new MergeSourceException(alike.getFirst().source().id(), e);
        }
    }

    private void count(TimedChunk timed) {
        if (timed.chunk().encoding().holdsFloats()) {
            floats += Math.max(0, timed.chunk().sampleCount());
        } else if (timed.chunk().holdsSamples()) {
            histograms += Math.max(0, timed.chunk().sampleCount());
        }
    }

    private List<List<TimedChunk>> downsampled(List<TimedChunk> chunks) throws CorruptChunkException {
        boolean areBoth =
                outputs.stream().filter(output -> output.resolutionMillis() > 0).count() == 2;
        List<List<TimedChunk>> both = resolutionMillis == 0 && areBoth ? downsampler.both(chunks) : List.of();
        List<List<TimedChunk>> results = new ArrayList<>(outputs.size());
        List<TimedChunk> finer = chunks;
        long from = resolutionMillis;
        for (MergeOutput output : outputs) {
            long to = output.resolutionMillis();
            if (both.isEmpty() || to == 0) {
                finer = downsampled(finer, from, to);
            } else {
                finer = both.get(to == Resolution.FIVE_MINUTES.millis() ? 0 : 1);
            }
            from = to;
            results.add(finer);
        }
        return results;
    }

    private static List<TimedChunk> downsampled(List<TimedChunk> chunks, long from, long to)
            throws CorruptChunkException {
        if (from == to) {
            return chunks;
        }
        List<TimedChunk> coarser = chunks;
        if (from == 0) {
            coarser = SeriesDownsampler.raw(coarser, Resolution.FIVE_MINUTES);
        }
        return to == Resolution.ONE_HOUR.millis()
                ? SeriesDownsampler.aggregates(coarser, Resolution.ONE_HOUR)
                : coarser;
    }

    /// A series of which nothing is left has no place in that result.
    private void write(int[] labels, List<List<TimedChunk>> results) throws IOException {
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isEmpty()) {
                outputs.get(i).stream().series(labels, results.get(i));
            }
        }
    }
}
