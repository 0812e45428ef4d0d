package io.edgeship.block.tsdb;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.SampleVisitor;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.SegmentReader;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.SeriesCursor;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the series of a block front to back, with their samples. Every checksum on the way is verified; tombstones are
/// not applied. Memory grows neither with series nor with samples. Not thread-safe.
public final class BlockReader implements Closeable {
    /// Open segments: chunks lie in series order, so two would do but for merged blocks.
    private static final int SEGMENTS_OPEN_MAX = 8;

    private final BlockFiles files;
    private final IndexReader index;
    private final TreeMap<Integer, SegmentReader> segments = new TreeMap<>();

    private BlockReader(BlockFiles files, IndexReader index) {
        this.files = files;
        this.index = index;
    }

    /// What [#forEachSeries] calls; `series` is good until it returns.
    @FunctionalInterface
    public interface SeriesVisitor {
        void series(Series series) throws IOException;
    }

    public static BlockReader open(BlockFiles files) throws IOException {
        var source = files.open("index");
        try {
            return new BlockReader(files, IndexReader.open(source));
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    public IndexReader index() {
        return index;
    }

    /// Each series that all of `matchers` match, in the order of the index.
    public void forEachSeries(List<Matcher> matchers, SeriesVisitor visitor) throws IOException {
        Cursor cursor = cursor(matchers);
        for (Series series = cursor.next(); series != null; series = cursor.next()) {
            visitor.series(series);
        }
    }

    /// Walks every series in the order of the index.
    public Cursor cursor() {
        return new Cursor(index.cursor(), List.of());
    }

    /// Walks the series that all of `matchers` match, in the order of the index: found through the lists of postings,
    /// the others are not read.
    public Cursor cursor(List<Matcher> matchers) throws IOException {
        return matchers.isEmpty()
                ? cursor()
                : new Cursor(index.cursor(new SeriesQuery(index).select(matchers)), matchers);
    }

    /// The series of a reference that this block gave.
    public Series series(long ref) throws IOException {
        SeriesEntry entry = index.series(ref);
        return new Series(index.labels(entry), entry);
    }

    /// One chunk, its checksum verified.
    public Chunk chunk(ChunkRef ref) throws IOException {
        return segment(ref).read(ref.offset());
    }

    @Override
    public void close() throws IOException {
        try (index) {
            for (SegmentReader segment : segments.values()) {
                segment.close();
            }
        }
    }

    private SegmentReader segment(ChunkRef ref) throws IOException {
        SegmentReader open = segments.get(ref.segment());
        if (open != null) {
            return open;
        }
        if (segments.size() >= SEGMENTS_OPEN_MAX) {
            segments.pollFirstEntry().getValue().close();
        }
        var source = files.open("chunks/" + ref.fileName());
        try {
            SegmentReader segment = SegmentReader.open(source);
            segments.put(ref.segment(), segment);
            return segment;
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static void decode(Chunk chunk, ChunkRef ref, SampleVisitor visitor) throws IOException {
        try {
            FloatIterator samples = chunk.floats();
            while (samples.next()) {
                visitor.sample(samples.timeMillis(), samples.valueBits());
            }
        } catch (CorruptChunkException e) {
            throw new CorruptFormatException("chunks/" + ref.fileName(), ref.offset(), String.valueOf(e.getMessage()));
        }
    }

    /// Walks series of the block.
    public final class Cursor {
        private final SeriesCursor entries;
        private final List<Matcher> matchers;

        private Cursor(SeriesCursor entries, List<Matcher> matchers) {
            this.entries = entries;
            this.matchers = List.copyOf(matchers);
        }

        /// The next series, or null after the last.
        public @Nullable Series next() throws IOException {
            if (!entries.next()) {
                return null;
            }
            Series series = new Series(index.labels(entries.entry()), entries.entry());
            for (Matcher matcher : matchers) { // postings that lie must not forge an answer
                if (!matcher.matches(series.labels())) {
                    String problem = "postings of %s name %s".formatted(matcher, series.labels());
                    throw new CorruptFormatException(
                            index.name(), entries.entry().offset(), problem);
                }
            }
            return series;
        }
    }

    /// One series of the block.
    public final class Series {
        private final LabelSet labels;
        private final SeriesEntry entry;

        private Series(LabelSet labels, SeriesEntry entry) {
            this.labels = labels;
            this.entry = entry;
        }

        public LabelSet labels() {
            return labels;
        }

        public List<ChunkMeta> chunks() {
            return entry.chunks();
        }

        /// By which tombstones name it.
        public long ref() {
            return entry.ref();
        }

        /// Every chunk with its samples still encoded, their checksums verified: all in memory at once.
        public List<TimedChunk> readChunks() throws IOException {
            List<TimedChunk> chunks = new ArrayList<>();
            for (ChunkMeta meta : entry.chunks()) {
                chunks.add(new TimedChunk(meta.minTime(), meta.maxTime(), chunk(meta.ref())));
            }
            return chunks;
        }

        /// Each sample that is a single number, in order.
        ///
        /// @return the encodings of the chunks that were passed over; empty where all samples were given
        public Set<Encoding> forEachSample(SampleVisitor visitor) throws IOException {
            Set<Encoding> passedOver = new TreeSet<>();
            for (ChunkMeta meta : entry.chunks()) {
                Chunk chunk = chunk(meta.ref());
                if (chunk.encoding().holdsFloats()) {
                    decode(chunk, meta.ref(), visitor);
                } else {
                    passedOver.add(chunk.encoding());
                }
            }
            return passedOver;
        }

        /// The last sample, if the last chunk holds single numbers.
        public @Nullable Sample last() throws IOException {
            if (entry.chunks().isEmpty()) {
                return null;
            }
            ChunkRef ref = entry.chunks().getLast().ref();
            Chunk chunk = chunk(ref);
            if (!chunk.encoding().holdsFloats()) {
                return null;
            }
            Sample[] last = new Sample[1];
            decode(chunk, ref, (time, bits) -> last[0] = new Sample(time, bits));
            return last[0];
        }
    }

    /// @param valueBits of a double
    public record Sample(long timeMillis, long valueBits) {
        public double value() {
            return Double.longBitsToDouble(valueBits);
        }
    }
}
