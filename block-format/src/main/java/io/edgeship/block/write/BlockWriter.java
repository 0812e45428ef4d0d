package io.edgeship.block.write;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.IndexStats;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Writes a block, series by series, into a directory that gets its name only when all of it is on the disk and
/// verified (I10). A writer that is closed before [#finish] leaves nothing behind. In memory are the chunks of one
/// series, and what the index takes ([BlockStream]). Not thread-safe.
///
/// ```
/// try (BlockWriter writer = BlockWriter.create(dataDir, id, IndexDialect.SINCE_3_7, sortedSymbols)) {
///     writer.series(labels, chunks); // and so on, in the order of the labels
///     Path dir = writer.finish(BlockMeta.of(id, writer.samples(), writer.stats()));
/// }
/// ```
public final class BlockWriter implements Closeable {
    private final Path dir;
    private final UnfinishedBlock unfinished;
    private final BlockId id;
    private final BlockStream stream;

    private BlockWriter(Path dir, UnfinishedBlock unfinished, BlockId id, BlockStream stream) {
        this.dir = dir;
        this.unfinished = unfinished;
        this.id = id;
        this.stream = stream;
    }

    /// Begins the block `<parent>/<id>`. What a writer that was killed left of it goes away.
    ///
    /// @param sortedSymbols every label name and value, in the order of their UTF-8 bytes; more do no harm
    /// @throws FileAlreadyExistsException if the block is there already
    public static BlockWriter create(Path parent, BlockId id, IndexDialect dialect, Collection<String> sortedSymbols)
            throws IOException {
        Path dir = parent.resolve(id.toString());
        UnfinishedBlock unfinished = UnfinishedBlock.begin(dir);
        try {
            BlockStream stream = BlockStream.begin(unfinished::file, dialect, SymbolTable.of(sortedSymbols));
            return new BlockWriter(dir, unfinished, id, stream);
        } catch (IOException | RuntimeException e) {
            unfinished.close();
            throw e;
        }
    }

    /// Adds a series.
    ///
    /// @param chunks in the order of time
    /// @throws IllegalArgumentException if the series does not come after the one before, has a symbol that was not
    ///                                  given, or no chunk
    public void series(LabelSet labels, List<TimedChunk> chunks) throws IOException {
        stream.series(labels, chunks);
    }

    /// What has been written so far, without tombstones.
    public BlockMeta.Stats stats() {
        return stream.stats();
    }

    /// From the first sample so far to just after the last.
    ///
    /// @throws IllegalStateException before the first series
    public TimeRange samples() {
        return stream.samples();
    }

    /// How many bytes a reader has to expect, as `thanos.index_stats` says it.
    public IndexStats indexStats() {
        return stream.indexStats();
    }

    /// Writes `meta` and what is left, verifies the block, gives it its name, and returns its directory. A `thanos`
    /// section gets the list of files.
    ///
    /// @throws IOException if the block breaks a rule: no fault of the disk, but of what was given
    public Path finish(BlockMeta meta) throws IOException {
        if (!meta.id().equals(id)) {
            throw new IllegalArgumentException("meta of " + meta.id() + " for block " + id);
        }
        List<BlockFile> files = stream.finish();
        stream.close();
        Path metaFile = unfinished.path().resolve(BlockMeta.FILE_NAME);
        Files.write(metaFile, withFiles(meta, files).toJson());
        FileSink.force(metaFile);
        unfinished.force();
        requireSound(BlockVerifier.verify(unfinished.path(), id));
        unfinished.publish();
        return dir;
    }

    private static BlockMeta withFiles(BlockMeta meta, List<BlockFile> files) {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? meta : meta.withThanos(thanos.withBlockFiles(files));
    }

    private void requireSound(Verdict verdict) throws IOException {
        if (verdict instanceof Verdict.Broken(var violations, var _)) {
            throw new IOException("%s is not written: %s".formatted(dir, violations.getFirst()));
        }
    }

    /// Removes what [#finish] did not complete.
    @Override
    public void close() throws IOException {
        try (stream) {
            unfinished.close();
        }
    }
}
