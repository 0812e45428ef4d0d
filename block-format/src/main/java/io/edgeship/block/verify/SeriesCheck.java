package io.edgeship.block.verify;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.XorChunk;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The checks of one block's series and chunks. Series are compared by their symbol references: symbols are in order,
/// so
/// references order as the texts do and no text is needed.
final class SeriesCheck {
    /// So many violations were found that going on would not help.
    static final class EnoughException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// Of one symbol pair before: a constant that any real reference differs from.
    private static final long[] NONE = {};

    private final BlockMeta meta;
    private final List<Violation> violations;
    private final Map<Encoding, Long> chunksByEncoding = new EnumMap<>(Encoding.class);
    private final RefDigest scanned = new RefDigest();
    private long[] before = NONE;
    private long series;
    private long chunks;
    private long samples;
    private long duplicates;
    private boolean samplesKnown = true;

    SeriesCheck(BlockMeta meta, List<Violation> violations) {
        this.meta = meta;
        this.violations = violations;
    }

    void run(BlockReader block) throws IOException {
        IndexReader index = block.index();
        if (!index.symbols().sorted()) {
            violation(Rule.SYMBOLS_ORDERED, index.name(), -1, "a symbol is not after the one before it");
        }
        index.forEachSeries(entry -> {
            labels(index, entry);
            chunks(block, entry);
            series++;
            scanned.add(entry.ref());
        });
        postings(index);
        totals();
    }

    Content content() {
        return new Content(series, chunks, samples, duplicates, chunksByEncoding);
    }

    private void labels(IndexReader index, SeriesEntry entry) throws IOException {
        long[] symbols = entry.symbols();
        if (symbols.length == 0) {
            violation(Rule.SERIES_LABELLED, index.name(), entry.offset(), "a series without labels");
        }
        for (int i = 2; i < symbols.length; i += 2) {
            if (symbols[i] <= symbols[i - 2]) {
                violation(Rule.SERIES_LABELLED, index.name(), entry.offset(), "label names are not in order");
            }
        }
        if (series > 0 && compare(before, symbols) >= 0) {
            String detail = index.labels(entry) + " does not come after the series before it";
            violation(Rule.SERIES_ORDERED, index.name(), entry.offset(), detail);
        }
        before = symbols;
    }

    private static int compare(long[] a, long[] b) {
        return java.util.Arrays.compare(a, b); // as far as both go, then the shorter one first: Go's labels.Compare
    }

    private void chunks(BlockReader block, SeriesEntry entry) throws IOException {
        String file = block.index().name();
        if (entry.chunks().isEmpty()) {
            violation(Rule.SERIES_WITH_CHUNKS, file, entry.offset(), "a series without chunks");
        }
        ChunkMeta last = null;
        for (ChunkMeta chunk : entry.chunks()) {
            times(file, entry.offset(), chunk);
            if (last != null && last.minTime() == chunk.minTime() && last.maxTime() == chunk.maxTime()) {
                duplicates++;
            } else if (last != null && chunk.minTime() <= last.maxTime()) {
                String detail = "a chunk from %d follows one to %d".formatted(chunk.minTime(), last.maxTime());
                violation(Rule.CHUNKS_ORDERED, file, entry.offset(), detail);
            }
            last = chunk;
            chunks++;
            chunk(block, chunk);
        }
    }

    private void times(String file, long offset, ChunkMeta chunk) throws EnoughException {
        TimeRange range = meta.range();
        if (chunk.minTime() == range.maxTime()) {
            violation(Rule.CHUNKS_BEFORE_END, file, offset, "a chunk begins at the block's maxTime " + range.maxTime());
        } else if (chunk.minTime() > chunk.maxTime()
                || chunk.minTime() < range.minTime()
                || chunk.maxTime() >= range.maxTime()) {
            String detail = "a chunk of %d to %d, the block has %d to %d"
                    .formatted(chunk.minTime(), chunk.maxTime(), range.minTime(), range.maxTime());
            violation(Rule.CHUNKS_IN_BLOCK, file, offset, detail);
        }
    }

    private void chunk(BlockReader block, ChunkMeta listed) throws IOException {
        String file = "chunks/" + listed.ref().fileName();
        long offset = listed.ref().offset();
        try {
            Chunk chunk = block.chunk(listed.ref());
            chunksByEncoding.merge(chunk.encoding(), 1L, Long::sum);
            if (chunk.sampleCount() < 0) {
                samplesKnown = false;
            } else {
                samples += chunk.sampleCount();
            }
            if (chunk.encoding() == Encoding.XOR) {
                decode(chunk, listed, file);
            }
        } catch (NoSuchFileException e) {
            violation(Rule.SEGMENT_READABLE, file, -1, "there is no such file");
        } catch (UnsupportedVersionException e) {
            violation(Rule.SEGMENT_READABLE, file, -1, String.valueOf(e.getMessage()));
        } catch (CorruptFormatException e) {
            boolean header = e.offset() < io.edgeship.block.tsdb.chunks.SegmentReader.HEADER_BYTES;
            violation(header ? Rule.SEGMENT_READABLE : Rule.CHUNK_CHECKSUM, file, e.offset(), e.problem());
        } catch (XorChunk.TruncatedChunkException e) {
            violation(Rule.CHUNK_DECODABLE, file, offset, String.valueOf(e.getMessage()));
        }
    }

    private void decode(Chunk chunk, ChunkMeta listed, String file) throws IOException {
        long[] time = {Long.MIN_VALUE, 0}; // of the sample before, and how many there were
        boolean[] wrong = {false};
        XorChunk.forEach(chunk.data(), (timeMillis, _) -> {
            boolean first = time[1]++ == 0;
            wrong[0] |= first ? timeMillis != listed.minTime() : timeMillis <= time[0];
            time[0] = timeMillis;
        });
        if (wrong[0] || time[1] == 0 || time[0] != listed.maxTime()) {
            String detail =
                    "%d samples do not ascend from %d to %d".formatted(time[1], listed.minTime(), listed.maxTime());
            violation(Rule.CHUNK_DECODABLE, file, listed.ref().offset(), detail);
        }
    }

    /// The list of all series must name what the scan met. Two digests are compared, so that no list need be held.
    private void postings(IndexReader index) throws IOException {
        RefDigest listed = new RefDigest();
        index.forEachPostings((name, value, offset) -> {
            if (name.isEmpty() && value.isEmpty()) {
                index.postings(offset, listed::add);
            }
        });
        if (!listed.equals(scanned)) {
            String detail = "%d series, the list of all names %d others".formatted(scanned.count(), listed.count());
            violation(Rule.POSTINGS_AGREE, index.name(), -1, detail);
        }
    }

    private void totals() throws EnoughException {
        BlockMeta.Stats stats = meta.stats();
        total("numSeries", stats.numSeries(), series);
        total("numChunks", stats.numChunks(), chunks);
        if (samplesKnown) {
            total("numSamples", stats.numSamples(), samples);
        }
    }

    private void total(String key, long said, long counted) throws EnoughException {
        if (said != counted) {
            violation(
                    Rule.TOTALS_AGREE, BlockMeta.FILE_NAME, -1, "%s is %d, there are %d".formatted(key, said, counted));
        }
    }

    private void violation(Rule rule, String file, long offset, String detail) throws EnoughException {
        violations.add(new Violation(rule, file, offset, detail));
        if (violations.size() >= BlockVerifier.VIOLATIONS_MAX) {
            throw new EnoughException();
        }
    }
}
