package io.edgeship.block.merge;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.SeriesCursor;
import io.edgeship.block.tsdb.index.SeriesEntry;
import io.edgeship.block.tsdb.tombstones.Deletion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A source and the series that it is at, labels as numbers of the merged symbols. Not thread-safe.
final class SourceCursor {
    private final MergeSource source;
    private final int precedence;
    private final SourceSymbols symbols;
    private final SeriesCursor series;
    private final Deletion deletion = new Deletion();
    private final ChunkTranscoder transcoder = new ChunkTranscoder();
    private int[] labels = {};

    /// @param precedence of its samples, least first
    SourceCursor(MergeSource source, int precedence, SourceSymbols symbols) {
        this.source = source;
        this.precedence = precedence;
        this.symbols = symbols;
        series = source.reader().index().cursor();
    }

    MergeSource source() {
        return source;
    }

    int precedence() {
        return precedence;
    }

    /// Of the series that [#next] moved to; not to be changed.
    int[] labels() {
        return labels;
    }

    /// Moves to the next series; false after the last.
    boolean next() throws MergeSourceException {
        try {
            if (!series.next()) {
                return false;
            }
            int[] before = labels;
            labels = symbols.numbers(series.entry());
            require(Arrays.compare(before, labels) < 0, "series out of order");
            requireOrder(labels);
            return true;
        } catch (IOException e) {
            throw new MergeSourceException(source.id(), e);
        }
    }

    /// Names in a label set are in order, each once.
    private void requireOrder(int[] numbers) throws CorruptFormatException {
        require(numbers.length > 0, "a series without labels");
        for (int i = 2; i < numbers.length; i += 2) {
            require(numbers[i - 2] < numbers[i], "label names out of order");
        }
    }

    /// What is left of the series, in encodings that a stock Thanos reads; maybe nothing.
    SourceSeries series() throws MergeSourceException {
        SeriesEntry entry = series.entry();
        try {
            requireTimes(entry);
            ChunkRef first = entry.chunks().getFirst().ref();
            try {
                return new SourceSeries(source.id(), first, entry.offset(), chunks(entry));
            } catch (CorruptChunkException e) {
                throw SourceSeries.damaged(source.id(), first, entry.offset(), e);
            }
        } catch (MergeSourceException e) {
            throw e;
        } catch (IOException e) {
            throw new MergeSourceException(source.id(), e);
        }
    }

    private List<TimedChunk> chunks(SeriesEntry entry) throws IOException, CorruptChunkException {
        List<TimedChunk> chunks = new ArrayList<>(entry.chunks().size());
        for (ChunkMeta meta : entry.chunks()) {
            chunks.add(new TimedChunk(
                    meta.minTime(), meta.maxTime(), source.reader().chunk(meta.ref())));
        }
        return transcoded(deletion.apply(chunks, source.tombstones().of(entry.ref())));
    }

    private List<TimedChunk> transcoded(List<TimedChunk> chunks) throws CorruptChunkException {
        List<TimedChunk> readable = new ArrayList<>(chunks.size());
        for (TimedChunk timed : chunks) {
            Chunk chunk = transcoder.transcode(timed.chunk());
            boolean isSame = chunk.encodingCode() == timed.chunk().encodingCode();
            readable.add(isSame ? timed : new TimedChunk(timed.minTime(), timed.maxTime(), chunk));
        }
        return readable;
    }

    /// By the rules for which Thanos' compactor halts. Two chunks of the very same times it tolerates.
    private void requireTimes(SeriesEntry entry) throws CorruptFormatException {
        require(!entry.chunks().isEmpty(), "a series without chunks");
        ChunkMeta before = null;
        for (ChunkMeta meta : entry.chunks()) {
            boolean isWithin = source.range().contains(meta.minTime())
                    && meta.minTime() <= meta.maxTime()
                    && meta.maxTime() <= source.range().maxTime(); // Thanos bears one that ends at the very end
            if (!isWithin) { // the words are made for a bad chunk only
                require(false, "a chunk from %d to %d, outside of the block".formatted(meta.minTime(), meta.maxTime()));
            }
            boolean isCopy = before != null && before.minTime() == meta.minTime() && before.maxTime() == meta.maxTime();
            require(before == null || isCopy || before.maxTime() < meta.minTime(), "chunks out of order");
            before = meta;
        }
    }

    private void require(boolean holds, String otherwise) throws CorruptFormatException {
        if (!holds) {
            throw new CorruptFormatException(
                    source.reader().index().name(), series.entry().offset(), otherwise);
        }
    }

    long deletedSamples() {
        return deletion.deleted();
    }

    ChunkTranscoder transcoder() {
        return transcoder;
    }
}
