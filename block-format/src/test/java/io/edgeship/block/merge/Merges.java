package io.edgeship.block.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.FileSink;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import io.edgeship.block.write.BlockStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Merges blocks that lie in directories into others, as a compactor does in a bucket.
final class Merges {
    private Merges() {}

    /// @param out       where the results come to lie: `out/raw`, `out/5m`, `out/1h`
    /// @param dirs      in order of precedence
    static MergeCounts merge(Path out, ChunkMerger merger, List<Path> dirs, List<Long> resolutions) throws IOException {
        List<BlockReader> readers = new ArrayList<>();
        List<MergeOutput> outputs = new ArrayList<>();
        try {
            List<MergeSource> sources = new ArrayList<>();
            List<BlockMeta> metas = new ArrayList<>();
            for (Path dir : dirs) {
                BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
                BlockReader reader = BlockReader.open(BlockFiles.of(dir));
                readers.add(reader);
                metas.add(meta);
                sources.add(new MergeSource(meta.id(), meta.range(), reader, Tombstones.read(dir)));
            }
            MergeCounts counts = BlockMerge.merge(
                    sources,
                    resolution(metas.getFirst()),
                    merger,
                    true,
                    table -> open(out, table, resolutions, outputs),
                    _ -> {});
            for (MergeOutput output : outputs) {
                finish(out, output, metas);
            }
            return counts;
        } finally {
            for (MergeOutput output : outputs) {
                output.stream().close();
            }
            for (BlockReader reader : readers) {
                reader.close();
            }
        }
    }

    static String name(long resolutionMillis) {
        return resolutionMillis == 0 ? "raw" : resolutionMillis == 300_000 ? "5m" : "1h";
    }

    private static long resolution(BlockMeta meta) {
        ThanosMeta thanos = meta.thanos();
        return thanos == null ? 0 : thanos.resolutionMillis();
    }

    private static List<MergeOutput> open(Path out, SymbolTable table, List<Long> resolutions, List<MergeOutput> opened)
            throws IOException {
        for (long resolution : resolutions) {
            Path dir = out.resolve(name(resolution));
            Files.createDirectories(dir.resolve("chunks"));
            BlockStream stream = BlockStream.begin(path -> file(dir, path), IndexDialect.SINCE_3_7, table);
            opened.add(new MergeOutput(resolution, stream));
        }
        return opened;
    }

    private static ByteSink file(Path dir, String path) throws IOException {
        return FileSink.create(dir.resolve(path));
    }

    private static void finish(Path out, MergeOutput output, List<BlockMeta> from) throws IOException {
        output.stream().finish();
        long minTime = from.stream().mapToLong(it -> it.range().minTime()).min().orElseThrow();
        long maxTime = from.stream().mapToLong(it -> it.range().maxTime()).max().orElseThrow();
        SortedMap<String, String> labels = new TreeMap<>();
        BlockId id = new BlockId(minTime, output.resolutionMillis());
        BlockMeta meta = BlockMeta.of(
                        id, new TimeRange(minTime, maxTime), output.stream().stats())
                .withThanos(ThanosMeta.of(labels, ThanosMeta.COMPACTOR, List.of(), List.of())
                        .compacted(output.resolutionMillis(), output.stream().indexStats()));
        Files.write(out.resolve(name(output.resolutionMillis())).resolve(BlockMeta.FILE_NAME), meta.toJson());
    }
}
