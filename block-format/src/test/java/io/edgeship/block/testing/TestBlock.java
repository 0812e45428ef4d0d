package io.edgeship.block.testing;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// A small block, described by its series, then written as Prometheus would write it. What is odd in the description
/// (labels or chunks out of order, chunks outside of the range, wrong checksums) is written as it stands, and so is
/// each [Flaw]. Files that are to be missing are deleted once they are written.
///
/// ```
/// Path dir = TestBlock.of(id, new TimeRange(0, 7_200_000))
///         .series(LabelSet.ofSorted("__name__", "up", "job", "x"), TestChunk.of(0, 15_000, 1, 1, 0))
///         .write(parent);
/// ```
public final class TestBlock {
    private static final int SEGMENT_MAGIC = 0x85BD40DD;

    private final BlockId id;
    private final TimeRange range;
    private final List<SeriesOf> series = new ArrayList<>();
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final Set<String> moreSymbols = new TreeSet<>();
    private UnaryOperator<BlockMeta> meta = UnaryOperator.identity();
    private int indexVersion = 2;
    private int chunksPerSegment = Integer.MAX_VALUE;

    private record SeriesOf(LabelSet labels, List<TestChunk> chunks) {}

    private TestBlock(BlockId id, TimeRange range) {
        this.id = id;
        this.range = range;
    }

    public static TestBlock of(BlockId id, TimeRange range) {
        return new TestBlock(id, range);
    }

    /// Adds a series. [LabelSet#ofSorted] takes labels in any order, twice, or none.
    public TestBlock series(LabelSet labels, TestChunk... chunks) {
        return series(labels, List.of(chunks));
    }

    public TestBlock series(LabelSet labels, List<TestChunk> chunks) {
        series.add(new SeriesOf(labels, List.copyOf(chunks)));
        return this;
    }

    /// Adds symbols that no series uses, as a Prometheus leaves them in blocks of out-of-order samples.
    public TestBlock symbols(Collection<String> symbols) {
        moreSymbols.addAll(symbols);
        return this;
    }

    public TestBlock with(Flaw flaw) {
        flaws.add(flaw);
        return this;
    }

    /// Changes what meta.json says; by default it is right, level 1, its own source.
    public TestBlock meta(UnaryOperator<BlockMeta> change) {
        meta = change;
        return this;
    }

    /// @param version 1 or 2, the default
    public TestBlock indexVersion(int version) {
        indexVersion = version;
        return this;
    }

    /// Begins a new segment file after every so many chunks; by default there is one segment.
    public TestBlock chunksPerSegment(int chunks) {
        chunksPerSegment = chunks;
        return this;
    }

    /// Writes `<parent>/<ULID>` and returns that directory.
    public Path write(Path parent) throws IOException {
        Path dir = parent.resolve(id.toString());
        Files.createDirectories(dir.resolve("chunks"));
        List<SeriesOf> ordered = new ArrayList<>(series);
        if (!flaws.contains(Flaw.SERIES_UNSORTED)) {
            ordered.sort(Comparator.comparing(SeriesOf::labels));
        }
        List<IndexBytes.Series> indexed = writeChunks(dir, ordered);
        Files.write(dir.resolve("index"), IndexBytes.of(indexVersion, indexed, moreSymbols, flaws));
        BlockMeta right = BlockMeta.of(id, range, stats());
        Files.write(dir.resolve(BlockMeta.FILE_NAME), meta.apply(right).toJson());
        return dir;
    }

    private List<IndexBytes.Series> writeChunks(Path dir, List<SeriesOf> ordered) throws IOException {
        List<ByteSink> segments = new ArrayList<>();
        List<IndexBytes.Series> indexed = new ArrayList<>();
        int written = 0;
        for (SeriesOf one : ordered) {
            List<Long> refs = new ArrayList<>();
            for (TestChunk chunk : one.chunks()) {
                if (written++ % chunksPerSegment == 0) {
                    segments.add(new ByteSink().u32(SEGMENT_MAGIC).u8(1).padTo(8));
                }
                long segment = segments.size() - 1L;
                refs.add((segment << Integer.SIZE) | segments.getLast().size());
                append(segments.getLast(), chunk);
            }
            if (flaws.contains(Flaw.CHUNKS_SHARED)) {
                refs.replaceAll(_ -> 8L);
            }
            indexed.add(new IndexBytes.Series(one.labels(), one.chunks(), refs));
        }
        for (int i = 0; i < segments.size(); i++) {
            Files.write(
                    dir.resolve("chunks/%06d".formatted(i + 1)), segments.get(i).toByteArray());
        }
        return indexed;
    }

    private static void append(ByteSink segment, TestChunk chunk) {
        byte[] body = new ByteSink().u8(chunk.encoding()).bytes(chunk.data()).toByteArray();
        long crc = ByteSink.crc32c(body);
        segment.uvarint(chunk.data().length).bytes(body).u32(chunk.rightCrc() ? crc : ~crc);
    }

    private BlockMeta.Stats stats() {
        long chunks = 0;
        long samples = 0;
        long floats = 0;
        for (SeriesOf one : series) {
            for (TestChunk chunk : one.chunks()) {
                Chunk content = new Chunk(chunk.encoding(), chunk.data());
                long count = Math.max(0, content.sampleCount());
                chunks++;
                samples += count;
                floats += content.encoding() == Encoding.XOR || content.encoding() == Encoding.XOR2 ? count : 0;
            }
        }
        return new BlockMeta.Stats(samples, floats, samples - floats, series.size(), chunks, 0);
    }
}
