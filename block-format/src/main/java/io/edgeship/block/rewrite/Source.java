package io.edgeship.block.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.merge.ChunkTranscoder;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.tombstones.Deletion;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A block that is read to be written anew: without deleted samples and what is not kept, in encodings that a stock
/// Thanos reads. In memory are its tombstones and the chunks of one series. Not thread-safe.
final class Source implements Closeable {
    private final Path dir;
    private final BlockMeta meta;
    private final BlockReader reader;
    private final Tombstones tombstones;
    private final Deletion deletion = new Deletion();
    private final Deletion cut = new Deletion();
    private final ChunkTranscoder transcoder = new ChunkTranscoder();
    private List<Tombstone> outside = List.of();

    private Source(Path dir, BlockMeta meta, BlockReader reader, Tombstones tombstones) {
        this.dir = dir;
        this.meta = meta;
        this.reader = reader;
        this.tombstones = tombstones;
    }

    static Source open(Path dir) throws IOException {
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        Tombstones tombstones = Tombstones.read(dir);
        return new Source(dir, meta, BlockReader.open(BlockFiles.of(dir)), tombstones);
    }

    /// From now on only samples within these are given.
    ///
    /// @param kept in order, apart, at least one
    void keepOnly(List<TimeRange> kept) {
        outside = new ArrayList<>();
        long from = Long.MIN_VALUE;
        for (TimeRange range : kept) {
            if (from < range.minTime()) {
                outside.add(new Tombstone(0, from, range.minTime() - 1));
            }
            from = range.maxTime();
        }
        outside.add(new Tombstone(0, from, Long.MAX_VALUE));
    }

    Path dir() {
        return dir;
    }

    BlockMeta meta() {
        return meta;
    }

    /// An empty one where the block has none yet.
    ThanosMeta thanos() {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? ThanosMeta.empty() : thanos;
    }

    BlockReader reader() {
        return reader;
    }

    Tombstones tombstones() {
        return tombstones;
    }

    /// What is left of a series of this block; maybe nothing.
    ///
    /// @throws CorruptFormatException naming the series, for chunks that cannot be taken apart and must be
    List<TimedChunk> chunks(BlockReader.Series series) throws IOException {
        try {
            List<TimedChunk> chunks = new ArrayList<>();
            List<TimedChunk> alive = deletion.apply(series.readChunks(), tombstones.of(series.ref()));
            for (TimedChunk timed : cut.apply(alive, outside)) {
                chunks.add(new TimedChunk(timed.minTime(), timed.maxTime(), transcoder.transcode(timed.chunk())));
            }
            return chunks;
        } catch (CorruptChunkException e) {
            throw corrupt(series, e);
        }
    }

    /// An error that names the series and where its chunks begin.
    CorruptFormatException corrupt(BlockReader.Series series, CorruptChunkException e) {
        ChunkRef ref = series.chunks().getFirst().ref();
        String file = dir.resolve("chunks").resolve(ref.fileName()).toString();
        return new CorruptFormatException(
                file, ref.offset(), "chunks of %s: %s".formatted(series.labels(), e.getMessage()));
    }

    void countInto(Tally tally) {
        transcoder.transcoded().forEach(tally::addTranscoded);
        Map.of(
                        RewriteCount.STARTS_DROPPED, transcoder.startsDropped(),
                        RewriteCount.UNKNOWN_CHUNKS, transcoder.unknown(),
                        RewriteCount.DELETED_SAMPLES, deletion.deleted(),
                        RewriteCount.CUT_SAMPLES, cut.deleted())
                .forEach(tally::add);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
