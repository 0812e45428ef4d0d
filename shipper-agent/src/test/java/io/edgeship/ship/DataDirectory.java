package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.Head;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A Prometheus data directory whose blocks have the lineage that a test wants.
public record DataDirectory(Path dir) {
    static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");
    static final BlockId C = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHC0");
    static final BlockId AB = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHD0");
    static final BlockId ABC = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHE0");

    private static final long FIRST_WINDOW = 1795410000000L;
    private static final long WINDOW_MILLIS = 360_000;
    private static final int SERIES = 3;
    private static final int SAMPLES = 300;

    private static final String GOLDEN = "/golden/prometheus-3.14/01M83GSE5DPDK87AWYMSGXDHS9/";

    /// Creates it, with the `wal/` that shows that it is one.
    public static DataDirectory create(Path dir) throws IOException {
        Files.createDirectories(dir.resolve("wal"));
        return new DataDirectory(dir);
    }

    SourceConfig source() {
        return source(Optional.empty());
    }

    SourceConfig source(Optional<String> url) {
        return new SourceConfig(dir, url, new TreeMap<>(), 0, dir.resolve("edgeship-spool"), new Backfill.All());
    }

    /// Level-1 blocks.
    public void cut(BlockId... blocks) throws IOException {
        for (BlockId id : blocks) {
            write(id, 1, id);
        }
    }

    void write(BlockId id, int level, BlockId... sources) throws IOException {
        write(id, level, List.of(), sources);
    }

    /// A block whose samples are those of its sources; those of one window have the same.
    void write(BlockId id, int level, List<String> hints, BlockId... sources) throws IOException {
        Head head = new Head(ChunkRules.DEFAULT);
        List<BlockId> inOrder = Stream.of(sources)
                .sorted(Comparator.comparingLong(source -> windowOf(source).minTime()))
                .toList();
        inOrder.stream().map(DataDirectory::windowOf).distinct().forEach(window -> append(head, window));
        TimeRange range = new TimeRange(
                windowOf(inOrder.getFirst()).minTime(),
                windowOf(inOrder.getLast()).maxTime());
        BlockMeta.Compaction lineage =
                new BlockMeta.Compaction(level, List.of(sources), false, parents(level, inOrder), false, hints);
        Path made = Files.createDirectories(dir.resolve("made.tmp"));
        Path block =
                head.write(made, id, meta -> new BlockMeta(id, range, meta.stats(), lineage, null, meta.original()));
        Files.write(block.resolve("tombstones"), golden("tombstones"));
        Files.move(block, block(id), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(made);
    }

    private static List<BlockMeta.Parent> parents(int level, List<BlockId> sources) {
        return level == 1
                ? List.of()
                : sources.stream()
                        .map(source -> new BlockMeta.Parent(source, windowOf(source)))
                        .toList();
    }

    private static void append(Head head, TimeRange window) {
        for (int series = 0; series < SERIES; series++) {
            LabelSet labels = LabelSet.ofSorted("__name__", "m", "series", String.valueOf(series));
            for (int i = 0; i < SAMPLES; i++) {
                long time = window.minTime() + i * 1000L;
                head.series(labels).append(0, time, Double.doubleToRawLongBits(series + 0.1 * i));
            }
        }
    }

    /// Six minutes, by one letter of the name.
    static TimeRange windowOf(BlockId id) {
        long minTime = FIRST_WINDOW + ((id.low() >>> 5) & 31) * WINDOW_MILLIS;
        return new TimeRange(minTime, minTime + WINDOW_MILLIS);
    }

    /// As Prometheus merges: the merged block appears first, then its parents go.
    void merge(BlockId merged, List<BlockId> parents, BlockId... sources) throws IOException {
        write(merged, 2, sources);
        for (BlockId parent : parents) {
            remove(parent);
        }
    }

    /// Turns one byte in the middle of a file.
    public void corrupt(BlockId id, String file) throws IOException {
        byte[] bytes = Files.readAllBytes(block(id).resolve(file));
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(block(id).resolve(file), bytes);
    }

    public void remove(BlockId... blocks) throws IOException {
        for (BlockId id : blocks) {
            delete(block(id));
        }
    }

    Path block(BlockId id) {
        return dir.resolve(id.toString());
    }

    Path shipperState() {
        return dir.resolve("thanos.shipper.json");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static byte[] golden(String file) throws IOException {
        try (InputStream in = DataDirectory.class.getResourceAsStream(GOLDEN + file)) {
            if (in == null) {
                throw new FileNotFoundException(GOLDEN + file);
            }
            return in.readAllBytes();
        }
    }
}
