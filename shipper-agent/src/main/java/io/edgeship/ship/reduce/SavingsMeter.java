package io.edgeship.ship.reduce;

import io.edgeship.block.LabelSet;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.SegmentWriter;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexWriter;
import io.edgeship.block.tsdb.index.SeriesCursor;
import io.edgeship.block.tsdb.index.SeriesEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/// Reads one block and adds up what its series take, before and after relabelling. In memory are the names of metrics
/// and eight bytes a series. Tombstones are not looked at. Not thread-safe.
public final class SavingsMeter {
    private final BlockReader block;
    private final Relabeling relabeling;
    private final Map<String, Saving> metrics = new HashMap<>();
    private long[] hashes = new long[0]; // of the labels of the series that stay
    private int stay;

    private SavingsMeter(BlockReader block, Relabeling relabeling) {
        this.block = block;
        this.relabeling = relabeling;
    }

    /// @param watcher is told after each series how many were read
    /// @throws IOException naming the file, if the block cannot be read
    public static SavingsReport of(Path dir, BlockMeta meta, Relabeling relabeling, LongConsumer watcher)
            throws IOException {
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir))) {
            SavingsMeter meter = new SavingsMeter(block, relabeling);
            long read = 0;
            for (SeriesCursor cursor = block.index().cursor(); cursor.next(); ) {
                meter.add(cursor.entry());
                watcher.accept(++read);
            }
            long bytes = block.index().sizeBytes() + bytesIn(dir.resolve("chunks"));
            return new SavingsReport(1, meta.range(), bytes, meter.metrics, meter.merging());
        }
    }

    private void add(SeriesEntry entry) throws IOException {
        LabelSet labels = block.index().labels(entry);
        long samples = 0;
        long chunkBytes = 0;
        for (ChunkMeta meta : entry.chunks()) {
            Chunk chunk = block.chunk(meta.ref());
            samples += Math.max(0, chunk.sampleCount());
            chunkBytes += SegmentWriter.sizeBytes(chunk);
        }
        Share before = new Share(1, samples, chunkBytes, indexBytes(entry.symbols(), entry.chunks()));
        Optional<LabelSet> left = relabeling.apply(labels);
        Share after = Share.NONE;
        if (left.isPresent()) {
            if (!relabeling.isNone()) {
                remember(left.get());
            }
            long[] symbols = left.get().equals(labels) ? entry.symbols() : symbols(entry, labels, left.get());
            after = new Share(1, samples, chunkBytes, indexBytes(symbols, entry.chunks()));
        }
        String metric = labels.get(LabelSet.METRIC_NAME).orElse("");
        metrics.merge(metric, new Saving(before, after), Saving::plus);
    }

    /// A series stands in one list of postings for each of its labels, and in the list of all series.
    private static long indexBytes(long[] symbols, List<ChunkMeta> chunks) {
        return IndexWriter.seriesBytes(symbols, chunks) + (long) Integer.BYTES * (symbols.length / 2 + 1);
    }

    /// References for the labels that are left: as large as they were, and as large as the largest where the text is
    /// new.
    private static long[] symbols(SeriesEntry entry, LabelSet labels, LabelSet left) {
        long largest = Arrays.stream(entry.symbols()).max().orElse(0);
        Map<String, Long> refs = new HashMap<>();
        int[] at = {0};
        labels.forEach((name, value) -> {
            refs.put(name, entry.symbols()[at[0]++]);
            refs.put(value, entry.symbols()[at[0]++]);
        });
        long[] symbols = new long[2 * left.size()];
        at[0] = 0;
        left.forEach((name, value) -> {
            symbols[at[0]++] = refs.getOrDefault(name, largest);
            symbols[at[0]++] = refs.getOrDefault(value, largest);
        });
        return symbols;
    }

    private void remember(LabelSet labels) {
        if (stay == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(1 << 10, stay + stay / 2));
        }
        hashes[stay++] = hash(labels);
    }

    /// FNV-1a, of 64 bits: among a million series two are taken for one with a chance of 1 in 10 million.
    private static long hash(LabelSet labels) {
        long[] hash = {0xcbf29ce484222325L};
        labels.forEach((name, value) -> {
            for (String text : List.of(name, "\0", value, "\0")) {
                for (int i = 0; i < text.length(); i++) {
                    hash[0] = (hash[0] ^ text.charAt(i)) * 0x100000001b3L;
                }
            }
        });
        return hash[0];
    }

    private long merging() {
        Arrays.sort(hashes, 0, stay);
        long merging = 0;
        for (int i = 1; i < stay; i++) {
            merging += hashes[i] == hashes[i - 1] ? 1 : 0;
        }
        return merging;
    }

    private static long bytesIn(Path dir) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
