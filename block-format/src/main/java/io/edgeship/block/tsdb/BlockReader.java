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
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.Closeable;
import java.io.IOException;
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
        index.forEachSeries(entry -> {
            LabelSet labels = index.labels(entry);
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels))) {
                visitor.series(new Series(labels, entry));
            }
        });
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
