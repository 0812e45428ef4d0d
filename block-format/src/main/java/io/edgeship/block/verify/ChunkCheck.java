package io.edgeship.block.verify;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.XorTimes;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.SegmentReader;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// The checks of a series' chunks: as the index lists them, then their bytes.
final class ChunkCheck {
    /// Of the least that stands around a chunk's samples: length, encoding, checksum.
    private static final int OVERHEAD_BYTES = 6;

    private final TimeRange range;
    private final long segmentBytes;
    private final Findings findings;
    private final Map<Encoding, LongAdder> byEncoding = new EnumMap<>(Encoding.class);
    private long chunks;
    private long samples;
    private boolean reads = true;
    private boolean samplesKnown = true;
    private long duplicates;
    private long bytesRead;

    /// @param segmentBytes of all segments together: chunks that hold more share bytes
    ChunkCheck(TimeRange range, long segmentBytes, Findings findings) {
        this.range = range;
        this.segmentBytes = segmentBytes;
        this.findings = findings;
    }

    /// Of chunks that are not read.
    static ChunkCheck ofIndexOnly(TimeRange range, Findings findings) {
        ChunkCheck check = new ChunkCheck(range, 0, findings);
        check.reads = false;
        check.samplesKnown = false;
        return check;
    }

    void check(BlockReader block, SeriesEntry series) throws IOException {
        if (series.chunks().isEmpty()) {
            findings.add(Rule.SERIES_WITH_CHUNKS, BlockVerifier.INDEX, series.offset(), "a series without chunks");
        }
        ChunkMeta last = null;
        for (ChunkMeta chunk : series.chunks()) {
            chunks++;
            within(series.offset(), chunk);
            if (last != null) {
                after(series.offset(), last, chunk);
            }
            last = chunk;
            if (reads) {
                content(block, chunk);
            }
        }
    }

    Content content(long series) {
        Map<Encoding, Long> counts = new EnumMap<>(Encoding.class);
        byEncoding.forEach((encoding, count) -> counts.put(encoding, count.sum()));
        return new Content(series, chunks, samples, duplicates, counts);
    }

    long chunks() {
        return chunks;
    }

    /// Or -1 where some chunks do not say, or could not be read.
    long samples() {
        return samplesKnown ? samples : -1;
    }

    /// To the millisecond as Thanos: a chunk may end at the block's exclusive end, though no Prometheus writes that.
    private void within(long offset, ChunkMeta chunk) throws Findings.EnoughException {
        boolean inside = range.minTime() <= chunk.minTime()
                && chunk.minTime() <= chunk.maxTime()
                && chunk.maxTime() <= range.maxTime();
        if (inside) {
            return;
        }
        boolean atEnd = chunk.minTime() == range.maxTime() && chunk.minTime() <= chunk.maxTime();
        String detail = "a chunk of %d to %d, the block has %d to %d"
                .formatted(chunk.minTime(), chunk.maxTime(), range.minTime(), range.maxTime());
        findings.add(atEnd ? Rule.CHUNKS_BEFORE_END : Rule.CHUNKS_IN_BLOCK, BlockVerifier.INDEX, offset, detail);
    }

    private void after(long offset, ChunkMeta last, ChunkMeta chunk) throws Findings.EnoughException {
        if (chunk.minTime() > last.maxTime()) {
            return;
        }
        if (last.minTime() == chunk.minTime() && last.maxTime() == chunk.maxTime()) {
            duplicates++;
            return;
        }
        String detail = "a chunk from %d follows one to %d".formatted(chunk.minTime(), last.maxTime());
        findings.add(Rule.CHUNKS_ORDERED, BlockVerifier.INDEX, offset, detail);
    }

    private void content(BlockReader block, ChunkMeta listed) throws IOException {
        ChunkRef ref = listed.ref();
        try {
            Chunk chunk = block.chunk(ref);
            bytesRead += chunk.data().length + OVERHEAD_BYTES;
            if (bytesRead > segmentBytes) {
                String detail = "chunks of %d bytes in segments of %d".formatted(bytesRead, segmentBytes);
                throw findings.last(Rule.CHUNKS_APART, file(ref), ref.offset(), detail);
            }
            count(chunk);
            if (chunk.encoding().decoded()) {
                decode(chunk, listed);
            }
        } catch (NoSuchFileException _) {
            samplesKnown = false;
            findings.add(Rule.SEGMENT_READABLE, file(ref), -1, "there is no such file");
        } catch (UnsupportedVersionException e) {
            samplesKnown = false;
            findings.add(Rule.SEGMENT_READABLE, file(ref), -1, String.valueOf(e.getMessage()));
        } catch (CorruptFormatException e) {
            samplesKnown = false;
            boolean header = e.offset() < SegmentReader.HEADER_BYTES;
            findings.add(header ? Rule.SEGMENT_READABLE : Rule.CHUNK_CHECKSUM, file(ref), e.offset(), e.problem());
        } catch (CorruptChunkException e) {
            findings.add(Rule.CHUNK_DECODABLE, file(ref), ref.offset(), String.valueOf(e.getMessage()));
        }
    }

    private static String file(ChunkRef ref) {
        return "chunks/" + ref.fileName();
    }

    private void count(Chunk chunk) {
        byEncoding.computeIfAbsent(chunk.encoding(), _ -> new LongAdder()).increment();
        if (chunk.sampleCount() < 0) {
            samplesKnown = false;
        } else {
            samples += chunk.sampleCount();
        }
    }

    private void decode(Chunk chunk, ChunkMeta listed) throws IOException {
        if (chunk.encoding() == Encoding.XOR && XorTimes.ascend(chunk.data(), listed.minTime(), listed.maxTime())) {
            return; // most chunks of most blocks
        }
        if (chunk.encoding() != Encoding.AGGREGATE) {
            decode(chunk.iterator(), listed);
            return;
        }
        AggregateChunk aggregates = AggregateChunk.decode(chunk.data());
        for (AggregateChunk.Aggregate aggregate : AggregateChunk.Aggregate.values()) {
            Optional<AggregateChunk.Part> part = aggregates.part(aggregate);
            if (part.isPresent()) {
                decode(
                        aggregate,
                        new Chunk(part.get().encodingCode(), part.get().data()),
                        listed);
            }
        }
    }

    /// The counter's first sample is the first raw one, before the chunk begins, and its last time stands twice.
    private void decode(AggregateChunk.Aggregate aggregate, Chunk part, ChunkMeta listed) throws IOException {
        if (!part.encoding().decoded() || part.encoding() == Encoding.AGGREGATE) {
            String detail = "aggregate %s has encoding %d".formatted(aggregate, part.encodingCode());
            findings.add(Rule.CHUNK_DECODABLE, file(listed.ref()), listed.ref().offset(), detail);
        } else if (aggregate == AggregateChunk.Aggregate.COUNTER) {
            ChunkIterator samples = part.iterator();
            while (samples.next()) {
                // Whether they can be read is all there is to know.
            }
        } else {
            decode(part.iterator(), listed);
        }
    }

    private void decode(ChunkIterator samples, ChunkMeta listed) throws IOException {
        boolean ascend = true;
        long count = 0;
        long last = 0;
        for (; samples.next(); count++) {
            ascend &= count == 0 ? samples.timeMillis() == listed.minTime() : samples.timeMillis() > last;
            last = samples.timeMillis();
        }
        if (!ascend || count == 0 || last != listed.maxTime()) {
            String detail =
                    "%d samples do not ascend from %d to %d".formatted(count, listed.minTime(), listed.maxTime());
            findings.add(Rule.CHUNK_DECODABLE, file(listed.ref()), listed.ref().offset(), detail);
        }
    }
}
