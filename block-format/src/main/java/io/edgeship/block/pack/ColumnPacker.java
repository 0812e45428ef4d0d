package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.pack.PackContents.PackedFile;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Writes packs, without looking at what it wrote. Not thread-safe.
final class ColumnPacker {
    private final Path dir;
    private final Predicate<String> belongs;
    private final PackWatcher watcher;
    private long series;
    private long chunks;
    private long carriedChunks;
    private long doneBytes;

    /// What is told of each series: which it was, and what it took of the pack, in bytes.
    @FunctionalInterface
    interface CostWatcher {
        CostWatcher NONE = (_, _, _) -> {};

        void series(SymbolTable symbols, PackedSeries series, long bytes) throws IOException;
    }

    /// For all that is in the directory.
    ColumnPacker(Path dir, PackWatcher watcher) {
        this(dir, _ -> true, watcher);
    }

    /// @param belongs tells by its path what is packed
    ColumnPacker(Path dir, Predicate<String> belongs, PackWatcher watcher) {
        this.dir = dir;
        this.belongs = belongs;
        this.watcher = watcher;
    }

    /// @throws NotColumnarException for a block that columns cannot have
    /// @throws IOException          also for one that is damaged
    PackStats columns(ByteSink sink, CostWatcher costs) throws IOException {
        List<PackedFile> files = BlockFileList.of(dir, belongs, true);
        try (FrameWriter out = new FrameWriter(sink);
                BlockReader block = BlockReader.open(BlockFiles.of(dir))) {
            IndexDialect index = block.index().dialect();
            BitDialect bits = SpanReader.dialect(block);
            PackContents contents = new PackContents(files, bits, index);
            contents.write(out);
            SymbolTable symbols = SymbolColumn.write(block.index().symbols(), out.stream(FrameKind.SYMBOLS));
            columns(new SpanReader(block, bits), symbols, contents, out, costs);
            return finish(contents, out);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new NotColumnarException(String.valueOf(e.getMessage()));
        }
    }

    private void columns(
            SpanReader spans, SymbolTable symbols, PackContents contents, FrameWriter out, CostWatcher costs)
            throws IOException {
        FrameWriter.Stream coded = out.stream(FrameKind.COLUMNS);
        FrameWriter.Stream carried = out.stream(FrameKind.CHUNKS);
        long[] before = {0};
        ColumnCoder coder = new ColumnCoder(
                new ContextCoder(RangeCoder.encoder(coded), dir.toString()),
                symbols,
                contents.bits(),
                new WorkBound(dir.toString(), Long.MAX_VALUE / Long.SIZE),
                data -> {
                    carriedChunks++;
                    carried.write(data, 0, data.length);
                },
                one -> {
                    count(one);
                    watcher.bytes(doneBytes, 2 * contents.sizeBytes());
                    costs.series(symbols, one, coded.size() + carried.size() - before[0]);
                    before[0] = coded.size() + carried.size();
                });
        for (List<SpanSeries> span = spans.next(); !span.isEmpty(); span = spans.next()) {
            coder.code(span);
        }
        coder.code(List.of());
        coder.finish();
        carried.end();
    }

    private void count(PackedSeries one) {
        series++;
        doneBytes += one.sizeBytes();
        chunks += one.chunks().size();
    }

    /// The files as they are, compressed.
    PackStats verbatim(ByteSink sink) throws IOException {
        PackContents contents =
                new PackContents(BlockFileList.of(dir, belongs, false), BitDialect.SINCE_3_0, IndexDialect.SINCE_3_7);
        try (FrameWriter out = new FrameWriter(sink)) {
            contents.write(out);
            return finish(contents, out);
        }
    }

    private PackStats finish(PackContents contents, FrameWriter out) throws IOException {
        FrameWriter.Stream stream = out.stream(FrameKind.FILES);
        for (PackedFile file : contents.files()) {
            if (file.isVerbatim()) {
                try (FileSource source = FileSource.open(dir.resolve(file.path()))) {
                    BlockFileList.forEachPart(source, (bytes, length) -> stream.write(bytes, 0, length));
                }
            }
        }
        stream.end();
        out.finish();
        return new PackStats(
                contents.sizeBytes(), out.sizeBytes(), contents.hasColumns(), series, chunks, carriedChunks);
    }
}
