package io.edgeship.block.pack;

import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunkenc.XorIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.SeriesCursor;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the series of a block, span by span: as many as fit, cut between two metrics where that is not too
/// early. Not thread-safe.
final class SpanReader {
    /// From here on a span ends with its metric.
    private static final int BYTES_WANTED = PackLimits.SPAN_BYTES_MAX / 2;

    /// How many chunks are asked which Prometheus wrote them. About one in two hundred can tell.
    private static final int CHUNKS_ASKED_MAX = 20_000;

    private final BlockReader block;
    private final BitDialect dialect;
    private final SeriesCursor cursor;
    private @Nullable SpanSeries next;
    private int segment = -1;

    SpanReader(BlockReader block, BitDialect dialect) throws IOException {
        this.block = block;
        this.dialect = dialect;
        cursor = block.index().cursor();
        next = read();
    }

    /// The next span; empty behind the last series.
    List<SpanSeries> next() throws IOException {
        List<SpanSeries> span = new ArrayList<>();
        long bytes = 0;
        for (SpanSeries series = next; series != null && fits(series, span, bytes); series = next) {
            span.add(series);
            bytes += sizeBytes(series);
            next = read();
        }
        return span;
    }

    private static boolean fits(SpanSeries series, List<SpanSeries> span, long bytes) {
        if (span.isEmpty()) {
            return true;
        }
        boolean isOtherMetric = span.getLast().labels()[1] != series.labels()[1];
        return span.size() < PackLimits.SPAN_SERIES_MAX
                && bytes + sizeBytes(series) <= PackLimits.SPAN_BYTES_MAX
                && !(isOtherMetric && bytes > BYTES_WANTED);
    }

    private static long sizeBytes(SpanSeries series) {
        return series.chunks().stream().mapToLong(chunk -> chunk.data().length).sum();
    }

    private @Nullable SpanSeries read() throws IOException {
        if (!cursor.next()) {
            return null;
        }
        SeriesEntry entry = cursor.entry();
        int[] labels = Arrays.stream(entry.symbols()).mapToInt(Math::toIntExact).toArray();
        if (labels.length == 0
                || labels.length > 2 * PackLimits.SERIES_LABELS_MAX
                || entry.chunks().size() > PackLimits.SERIES_CHUNKS_MAX) {
            throw new NotColumnarException("a series of %d labels and %d chunks"
                    .formatted(labels.length / 2, entry.chunks().size()));
        }
        List<PackedChunk> chunks = new ArrayList<>(entry.chunks().size());
        long samples = 0;
        long bytes = 0;
        for (ChunkMeta meta : entry.chunks()) {
            PackedChunk chunk = read(meta);
            chunks.add(chunk);
            samples += chunk.samples();
            bytes += chunk.data().length;
            if (samples > PackLimits.SERIES_SAMPLES_MAX || bytes > PackLimits.SERIES_BYTES_MAX) {
                throw new NotColumnarException("a series of more than %d samples".formatted(samples));
            }
        }
        return new SpanSeries(labels, chunks);
    }

    private PackedChunk read(ChunkMeta meta) throws IOException {
        Chunk chunk = block.chunk(meta.ref());
        boolean starts = meta.ref().segment() != segment;
        segment = meta.ref().segment();
        int samples = chunk.encoding() == Encoding.XOR ? columnarSamples(chunk.data(), meta) : 0;
        return new PackedChunk(chunk.encodingCode(), chunk.data(), meta.minTime(), meta.maxTime(), samples, starts);
    }

    /// How many samples the chunk has, or 0 where they would not make the very same chunk again.
    private int columnarSamples(byte[] data, ChunkMeta meta) {
        try {
            XorIterator samples = new XorIterator(data);
            XorAppender again = new XorAppender();
            long first = 0;
            for (int i = 0; samples.next(); i++) {
                first = i == 0 ? samples.timeMillis() : first;
                again.append(0, samples.timeMillis(), samples.valueBits());
            }
            boolean isSame = first == meta.minTime()
                    && samples.timeMillis() == meta.maxTime()
                    && Arrays.equals(again.toBytes(dialect), data);
            return isSame ? again.count() : 0;
        } catch (CorruptChunkException _) {
            return 0;
        }
    }

    /// Which Prometheus wrote the chunks, as the first says of which two would have written different ones.
    static BitDialect dialect(BlockReader block) throws IOException {
        int asked = 0;
        for (SeriesCursor all = block.index().cursor(); all.next() && asked < CHUNKS_ASKED_MAX; ) {
            for (ChunkMeta meta : all.entry().chunks()) {
                asked++;
                Chunk chunk = block.chunk(meta.ref());
                BitDialect told = chunk.encoding() == Encoding.XOR ? told(chunk.data()) : null;
                if (told != null) {
                    return told;
                }
            }
        }
        return BitDialect.SINCE_3_0;
    }

    private static @Nullable BitDialect told(byte[] data) {
        try {
            XorIterator samples = new XorIterator(data);
            XorAppender again = new XorAppender();
            while (samples.next()) {
                again.append(0, samples.timeMillis(), samples.valueBits());
            }
            byte[] since = again.toBytes(BitDialect.SINCE_3_0);
            byte[] before = again.toBytes(BitDialect.BEFORE_3_0);
            if (since.length == before.length) {
                return null;
            }
            return Arrays.equals(data, since)
                    ? BitDialect.SINCE_3_0
                    : Arrays.equals(data, before) ? BitDialect.BEFORE_3_0 : null;
        } catch (CorruptChunkException _) {
            return null;
        }
    }
}
