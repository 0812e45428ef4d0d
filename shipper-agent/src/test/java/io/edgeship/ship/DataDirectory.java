package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A Prometheus data directory whose blocks all have the bytes of one real block, and the lineage that a test wants.
public record DataDirectory(Path dir) {
    static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");
    static final BlockId C = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHC0");
    static final BlockId AB = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHD0");
    static final BlockId ABC = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHE0");

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
        Path block = block(id);
        Files.createDirectories(block.resolve("chunks"));
        for (String file : List.of("chunks/000001", "index", "tombstones")) {
            Files.write(block.resolve(file), golden(file));
        }
        BlockMeta meta = BlockMeta.parse("golden", golden("meta.json"));
        BlockMeta.Compaction lineage =
                new BlockMeta.Compaction(level, List.of(sources), false, List.of(), false, List.of());
        BlockMeta ours = new BlockMeta(id, meta.range(), meta.stats(), lineage, null, meta.original());
        Files.write(block.resolve("meta.json"), ours.toJson());
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
