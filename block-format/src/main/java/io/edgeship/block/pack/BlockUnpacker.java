package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.pack.PackContents.PackedFile;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.SegmentWriter;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexWriter;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.write.BlockSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the files of a block again, each front to back, without a scratch file: the index and one segment at a
/// time, then all others, meta.json the last. A file is finished only if its bytes hash as the pack says. Not
/// thread-safe.
public final class BlockUnpacker {
    private static final int COPY_BYTES = 64 << 10;

    private final ByteSource pack;
    private final PackContents contents;
    private final BlockSink sink;
    private final Map<String, PackedFile> columns = new HashMap<>();

    private BlockUnpacker(ByteSource pack, PackContents contents, BlockSink sink) {
        this.pack = pack;
        this.contents = contents;
        this.sink = sink;
        for (PackedFile file : contents.files()) {
            if (!file.isVerbatim()) {
                columns.put(file.path(), file);
            }
        }
    }

    /// Unpacks, and returns what there was. On an error some files may have been finished; none of them is wrong.
    ///
    /// @param files where the files go; each is finished, or closed without
    /// @throws CorruptFormatException      for a pack that breaks the rules, asks for more than it may, or lies
    /// @throws UnsupportedVersionException for a pack of a later version
    public static PackContents unpack(ByteSource pack, PackLimits limits, BlockSink files) throws IOException {
        PackContents contents = PackContents.read(pack, limits);
        BlockUnpacker unpacker = new BlockUnpacker(pack, contents, files);
        if (contents.hasColumns()) {
            unpacker.rebuild();
        }
        unpacker.copyVerbatim();
        return contents;
    }

    private void rebuild() throws IOException {
        PackedFile index = columns.get(PackContents.INDEX);
        if (index == null) {
            throw corrupt("columns without an index");
        }
        SymbolTable symbols = SymbolColumn.read(new FrameReader(pack, FrameKind.SYMBOLS), index.sizeBytes());
        try (IndexWriter indexWriter = IndexWriter.create(take(PackContents.INDEX), contents.index(), symbols);
                SegmentWriter segments = new SegmentWriter(name -> take("chunks/" + name))) {
            series(symbols, indexWriter, segments);
            segments.finish();
            indexWriter.finish();
        }
        if (!columns.isEmpty()) {
            throw corrupt(
                    "no %s in the columns".formatted(columns.keySet().iterator().next()));
        }
    }

    private void series(SymbolTable symbols, IndexWriter index, SegmentWriter segments) throws IOException {
        FrameReader carried = new FrameReader(pack, FrameKind.CHUNKS);
        ContextCoder coder =
                new ContextCoder(RangeCoder.decoder(new FrameReader(pack, FrameKind.COLUMNS)), pack.name());
        ColumnCoder decoder = new ColumnCoder(
                coder,
                symbols,
                contents.bits(),
                new WorkBound(pack.name(), contents.columnChunkBytes()),
                data -> carried.read(data, 0, data.length),
                ColumnCoder.SeriesWatcher.NONE);
        for (List<PackedSeries> span = decoder.code(List.of()); !span.isEmpty(); span = decoder.code(List.of())) {
            for (PackedSeries series : span) {
                write(decoder.labelsOf(series), series, index, segments);
            }
        }
        decoder.finish();
        carried.requireEnd();
    }

    private void write(int[] labels, PackedSeries series, IndexWriter index, SegmentWriter segments)
            throws IOException {
        List<ChunkMeta> metas = new ArrayList<>(series.chunks().size());
        for (PackedChunk chunk : series.chunks()) {
            var ref = segments.write(new Chunk(chunk.encodingCode(), chunk.data()), chunk.startsSegment());
            metas.add(new ChunkMeta(chunk.minTime(), chunk.maxTime(), ref));
        }
        try {
            index.series(labels, metas);
        } catch (IllegalArgumentException e) {
            throw corrupt("series are out of order: " + e.getMessage());
        }
    }

    /// A file that the columns make. Each is taken once.
    private ByteSink take(String path) throws IOException {
        PackedFile file = columns.remove(path);
        if (file == null) {
            throw corrupt(path + " was not declared");
        }
        return new CheckedSink(sink.file(path), file, pack.name());
    }

    private void copyVerbatim() throws IOException {
        FrameReader in = new FrameReader(pack, FrameKind.FILES);
        byte[] buffer = new byte[COPY_BYTES];
        for (PackedFile file : contents.files()) {
            if (!file.isVerbatim()) {
                continue;
            }
            try (ByteSink out = new CheckedSink(sink.file(file.path()), file, pack.name())) {
                for (long left = file.sizeBytes(); left > 0; ) {
                    int part = (int) Math.min(left, buffer.length);
                    in.read(buffer, 0, part);
                    out.write(buffer, 0, part);
                    left -= part;
                }
                out.finish();
            }
        }
        in.requireEnd();
    }

    private CorruptFormatException corrupt(String problem) {
        return new CorruptFormatException(pack.name(), 0, problem);
    }
}
