package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prometheus merges blocks that still wait in the spool; every sample is shipped once (I9).
class MergedBlocksTest {
    private static final String GOLDEN = "/golden/prometheus-3.14/01M83GSE5DPDK87AWYMSGXDHS9/";
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");
    private static final BlockId C = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHC0");
    private static final BlockId AB = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHD0");
    private static final BlockId ABC = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHE0");

    @TempDir
    private Path dir;

    private PrometheusSource source;

    @BeforeEach
    void open() throws IOException {
        SourceConfig config = new SourceConfig(
                dir, Optional.empty(), new TreeMap<>(), dir.resolve("edgeship-spool"), new Backfill.All());
        source = PrometheusSource.open(config, "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void aBlockMergedTwiceWhileTheLinkIsDownIsShippedOnce() throws IOException {
        scanWith(A, B);
        assertThat(ready()).containsExactly(A, B);
        remove(A, B);
        write(AB, 2, A, B);
        scanWith(C);
        assertThat(ready()).containsExactlyInAnyOrder(AB, C);
        remove(AB, C);
        write(ABC, 3, A, B, C);
        source.scan();
        assertThat(ready()).containsExactly(ABC);
    }

    @Test
    void parentsStillOnDiskBesideTheirMergedBlockAreNotTakenAgain() throws IOException {
        write(AB, 2, A, B);
        scanWith(A, B);
        source.scan();
        assertThat(ready()).containsExactly(AB);
    }

    @Test
    void aCorruptMergedBlockDoesNotReplaceItsSoundParents() throws IOException {
        scanWith(A, B);
        write(AB, 2, A, B);
        Path index = dir.resolve(AB.toString()).resolve("index");
        byte[] bytes = Files.readAllBytes(index);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(index, bytes);
        source.scan();
        assertThat(ready()).containsExactly(A, B);
        assertThat(source.spool().quarantined()).extracting(Quarantined::id).containsExactly(AB);
    }

    @Test
    void aBlockMergedFromOneThatIsBeingSentIsHeld() throws IOException {
        scanWith(A, B);
        source.sending(Optional.of(A));
        write(AB, 2, A, B);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(AB);
        assertThat(ready()).containsExactly(A, B);
    }

    private List<BlockId> ready() throws IOException {
        return source.spool().ready().stream().map(Item::id).toList();
    }

    private void scanWith(BlockId... blocks) throws IOException {
        for (BlockId id : blocks) {
            write(id, 1, id);
        }
        source.scan();
    }

    private void write(BlockId id, int level, BlockId... sources) throws IOException {
        Path block = Files.createDirectories(dir.resolve(id.toString()));
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

    private static byte[] golden(String file) throws IOException {
        try (InputStream in = MergedBlocksTest.class.getResourceAsStream(GOLDEN + file)) {
            if (in == null) {
                throw new FileNotFoundException(GOLDEN + file);
            }
            return in.readAllBytes();
        }
    }

    private void remove(BlockId... blocks) throws IOException {
        for (BlockId id : blocks) {
            try (Stream<Path> files = Files.walk(dir.resolve(id.toString()))) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(MergedBlocksTest::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
