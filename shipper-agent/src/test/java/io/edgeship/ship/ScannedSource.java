package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A data directory and the source that takes its blocks, for tests of what becomes of them.
abstract class ScannedSource {
    /// An out-of-order block of A's window.
    static final BlockId X = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA1");

    static final List<String> OUT_OF_ORDER = List.of(BlockMeta.Compaction.FROM_OUT_OF_ORDER);

    /// A little after A's window.
    static final Instant NOW =
            Instant.ofEpochMilli(DataDirectory.windowOf(DataDirectory.A).maxTime() + 200_000);

    @TempDir
    Path dir;

    DataDirectory data;
    PrometheusSource source;

    @BeforeEach
    final void open() throws IOException {
        data = DataDirectory.create(dir);
        start();
    }

    /// Opens the source, as an agent that starts.
    final void start() throws IOException {
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(NOW));
    }

    @AfterEach
    final void close() throws IOException {
        source.close();
    }

    final List<BlockId> ready() throws IOException {
        return source.spool().ready().stream().map(Item::id).toList();
    }

    final Item only() throws IOException {
        assertThat(source.spool().ready()).hasSize(1);
        return source.spool().ready().getFirst();
    }

    final void ship(BlockId id) throws IOException {
        Item item = source.spool().ready().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        source.spool().shipped(item, NOW);
    }
}
