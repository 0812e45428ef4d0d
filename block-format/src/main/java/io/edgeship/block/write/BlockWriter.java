package io.edgeship.block.write;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.IndexStats;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.SegmentWriter;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.IndexWriter;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Writes a block, series by series, into a directory that gets its name only when all of it is on the disk and
/// verified
/// (I10). A writer that is closed before [#finish] leaves nothing behind. In memory are the chunks of one series, and
/// what [IndexWriter#memoryBytesMax] says. Not thread-safe.
///
/// ```
/// try (BlockWriter writer = BlockWriter.create(dataDir, id, IndexDialect.SINCE_3_7, sortedSymbols)) {
///     writer.series(labels, chunks); // and so on, in the order of the labels
///     Path dir = writer.finish(BlockMeta.of(id, writer.samples(), writer.stats()));
/// }
/// ```
public final class BlockWriter implements Closeable {
    /// Prometheus clears away directories of this ending when it starts, and never reads them.
    static final String UNFINISHED = ".tmp-for-creation";

    private final Path parent;
    private final Path dir;
    private final Path unfinished;
    private final BlockId id;
    private final SegmentWriter segments;
    private final IndexWriter index;
    private final Tally tally = new Tally();

    private BlockWriter(Path parent, BlockId id, IndexDialect dialect, Collection<String> sortedSymbols)
            throws IOException {
        this.parent = parent;
        this.id = id;
        dir = parent.resolve(id.toString());
        unfinished = parent.resolve(id + UNFINISHED);
        Path chunks = Files.createDirectories(unfinished.resolve("chunks"));
        segments = new SegmentWriter(chunks);
        index = IndexWriter.create(unfinished.resolve("index"), dialect, sortedSymbols);
    }

    /// Begins the block `<parent>/<id>`. What a writer that was killed left of it goes away.
    ///
    /// @param sortedSymbols every label name and value, in the order of their UTF-8 bytes; more do no harm
    /// @throws FileAlreadyExistsException if the block is there already
    public static BlockWriter create(Path parent, BlockId id, IndexDialect dialect, Collection<String> sortedSymbols)
            throws IOException {
        if (Files.exists(parent.resolve(id.toString()))) {
            throw new FileAlreadyExistsException(parent.resolve(id.toString()).toString());
        }
        Path unfinished = parent.resolve(id + UNFINISHED);
        deleteTree(unfinished);
        try {
            return new BlockWriter(parent, id, dialect, sortedSymbols);
        } catch (IOException | RuntimeException e) {
            deleteTree(unfinished);
            throw e;
        }
    }

    /// Adds a series.
    ///
    /// @param chunks in the order of time
    /// @throws IllegalArgumentException if the series does not come after the one before, has a symbol that was not
    ///                                  given, or no chunk
    public void series(LabelSet labels, List<TimedChunk> chunks) throws IOException {
        if (chunks.isEmpty()) {
            throw new IllegalArgumentException("a series without chunks: " + labels);
        }
        List<ChunkRef> refs =
                segments.write(chunks.stream().map(TimedChunk::chunk).toList());
        List<ChunkMeta> metas = new ArrayList<>(chunks.size());
        for (int i = 0; i < refs.size(); i++) {
            TimedChunk chunk = chunks.get(i);
            metas.add(new ChunkMeta(chunk.minTime(), chunk.maxTime(), refs.get(i)));
            tally.add(chunk);
        }
        index.series(labels, metas);
    }

    /// What has been written so far, without tombstones.
    public BlockMeta.Stats stats() {
        return tally.stats(index.seriesCount());
    }

    /// From the first sample so far to just after the last.
    ///
    /// @throws IllegalStateException before the first series
    public TimeRange samples() {
        return tally.range();
    }

    /// How many bytes a reader has to expect, as `thanos.index_stats` says it.
    public IndexStats indexStats() {
        return new IndexStats(index.seriesBytesMax(), tally.chunkBytesMax);
    }

    /// Writes `meta` and what is left, verifies the block, gives it its name, and returns its directory. A `thanos`
    /// section gets the list of files.
    ///
    /// @throws IOException if the block breaks a rule: no fault of the disk, but of what was given
    public Path finish(BlockMeta meta) throws IOException {
        if (!meta.id().equals(id)) {
            throw new IllegalArgumentException("meta of " + meta.id() + " for block " + id);
        }
        segments.finish();
        index.finish();
        index.close();
        Path metaFile = unfinished.resolve(BlockMeta.FILE_NAME);
        Files.write(metaFile, withFiles(meta).toJson());
        force(metaFile);
        force(unfinished.resolve("chunks"));
        force(unfinished);
        requireSound(BlockVerifier.verify(unfinished, id));
        Files.move(unfinished, dir, StandardCopyOption.ATOMIC_MOVE);
        force(parent);
        return dir;
    }

    private BlockMeta withFiles(BlockMeta meta) throws IOException {
        ThanosMeta thanos = meta.thanos();
        if (thanos == null) {
            return meta;
        }
        List<String> names = new ArrayList<>();
        List<BlockFile> files = new ArrayList<>();
        try (Stream<Path> chunks = Files.list(unfinished.resolve("chunks"))) {
            for (Path segment : chunks.sorted().toList()) {
                names.add(String.valueOf(segment.getFileName()));
                files.add(new BlockFile("chunks/" + segment.getFileName(), Files.size(segment), null));
            }
        }
        files.add(new BlockFile("index", Files.size(unfinished.resolve("index")), null));
        files.add(new BlockFile(BlockMeta.FILE_NAME, 0, null));
        return meta.withThanos(thanos.withFiles(names, files));
    }

    private void requireSound(Verdict verdict) throws IOException {
        if (verdict instanceof Verdict.Broken(var violations, var _)) {
            throw new IOException("%s is not written: %s".formatted(dir, violations.getFirst()));
        }
    }

    /// Removes what [#finish] did not complete.
    @Override
    public void close() throws IOException {
        try (index;
                segments) {
            deleteTree(unfinished);
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteTree(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(dir)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// What meta.json counts.
    private static final class Tally {
        private long chunks;
        private long samples;
        private long floats;
        private long minTime = Long.MAX_VALUE;
        private long maxTime = Long.MIN_VALUE;
        private long chunkBytesMax;

        void add(TimedChunk timed) {
            Chunk chunk = timed.chunk();
            int count = Math.max(0, chunk.sampleCount());
            chunks++;
            samples += count;
            floats += chunk.encoding().holdsFloats() ? count : 0;
            minTime = Math.min(minTime, timed.minTime());
            maxTime = Math.max(maxTime, timed.maxTime());
            chunkBytesMax = Math.max(chunkBytesMax, SegmentWriter.sizeBytes(chunk));
        }

        BlockMeta.Stats stats(long series) {
            return new BlockMeta.Stats(samples, floats, samples - floats, series, chunks, 0);
        }

        TimeRange range() {
            if (chunks == 0) {
                throw new IllegalStateException("no sample yet");
            }
            return new TimeRange(minTime, maxTime + 1);
        }
    }
}
