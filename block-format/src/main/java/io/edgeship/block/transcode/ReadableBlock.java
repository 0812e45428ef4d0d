package io.edgeship.block.transcode;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.Symbols;
import io.edgeship.block.tsdb.tombstones.Deletion;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A block, read series by series as a stock Thanos can take it. In memory are its tombstones and the chunks of one
/// series. Not thread-safe.
public final class ReadableBlock implements Closeable {
    private final Path dir;
    private final BlockMeta meta;
    private final BlockReader reader;
    private final BlockReader.Cursor cursor;
    private final Tombstones tombstones;
    private final Deletion deletion = new Deletion();
    private final ChunkTranscoder transcoder = new ChunkTranscoder();

    /// One series, with the chunks that are left of it.
    public record Series(LabelSet labels, List<TimedChunk> chunks) {
        public Series {
            chunks = List.copyOf(chunks);
        }
    }

    private ReadableBlock(Path dir, BlockMeta meta, BlockReader reader, Tombstones tombstones) {
        this.dir = dir;
        this.meta = meta;
        this.reader = reader;
        this.cursor = reader.cursor();
        this.tombstones = tombstones;
    }

    public static ReadableBlock open(Path dir) throws IOException {
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        Tombstones tombstones = Tombstones.read(dir);
        return new ReadableBlock(dir, meta, BlockReader.open(BlockFiles.of(dir)), tombstones);
    }

    public Path dir() {
        return dir;
    }

    public BlockMeta meta() {
        return meta;
    }

    /// 0 for raw samples.
    public long resolutionMillis() {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? 0 : thanos.resolutionMillis();
    }

    public Symbols symbols() {
        return reader.index().symbols();
    }

    /// The next series of which something is left, or null after the last.
    ///
    /// @throws CorruptFormatException naming the series, for chunks that cannot be taken apart and must be
    public @Nullable Series next() throws IOException {
        for (BlockReader.Series series = cursor.next(); series != null; series = cursor.next()) {
            List<TimedChunk> chunks = readable(series);
            if (!chunks.isEmpty()) {
                return new Series(series.labels(), chunks);
            }
        }
        return null;
    }

    private List<TimedChunk> readable(BlockReader.Series series) throws IOException {
        try {
            List<TimedChunk> chunks = new ArrayList<>();
            for (TimedChunk timed : deletion.apply(series.readChunks(), tombstones.of(series.ref()))) {
                chunks.add(new TimedChunk(timed.minTime(), timed.maxTime(), transcoder.transcode(timed.chunk())));
            }
            return chunks;
        } catch (CorruptChunkException e) {
            long offset = series.chunks().getFirst().ref().offset();
            String file = dir.resolve("chunks")
                    .resolve(series.chunks().getFirst().ref().fileName())
                    .toString();
            throw new CorruptFormatException(
                    file, offset, "chunks of %s: %s".formatted(series.labels(), e.getMessage()));
        }
    }

    /// What was done so far.
    public RewriteCounts counts() {
        return new RewriteCounts(
                transcoder.transcoded(), transcoder.startsDropped(), transcoder.unknown(), deletion.deleted(), 0, 0);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
