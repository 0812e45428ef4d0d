package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a block between the link and the queue.
class SealingTest {
    @TempDir
    private Path dir;

    private DataDirectory data;
    private PrometheusSource source;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir);
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void aSealedBlockSaysWhoseItIsAndWhatBelongsToIt() throws IOException {
        data.cut(A);
        source.scan();
        Item item = source.spool().ready().getFirst();
        ThanosMeta thanos = Objects.requireNonNull(item.meta().thanos());
        assertThat(thanos.labels()).containsEntry("site", "it");
        assertThat(thanos.resolutionMillis()).isZero();
        assertThat(thanos.segmentFiles()).containsExactly("000001");
        assertThat(thanos.files())
                .extracting(BlockFile::relativePath)
                .containsExactly("chunks/000001", "index", "meta.json");
        assertThat(thanos.files().getFirst().sizeBytes())
                .isEqualTo(Files.size(data.block(A).resolve("chunks/000001")));
        assertThat(BlockMeta.read(data.block(A).resolve("meta.json")).thanos())
                .as("the source's own file is left as it was")
                .isNull();
    }

    /// Made by another tool, or copied from another site.
    @Test
    void aBlockThatSaysItIsAnothersIsSealedAsThisSites() throws IOException {
        data.cut(A);
        Path meta = data.block(A).resolve("meta.json");
        ThanosMeta foreign = ThanosMeta.of(Map.of("site", "elsewhere"), "test", List.of("000001"), List.of());
        Files.write(meta, BlockMeta.read(meta).withThanos(foreign).toJson());
        source.scan();
        ThanosMeta thanos =
                Objects.requireNonNull(source.spool().ready().getFirst().meta().thanos());
        assertThat(thanos.labels()).containsEntry("site", "it");
        assertThat(thanos.source()).isEqualTo(Sealer.SOURCE);
    }

    @Test
    void aBlockWhoseTombstonesOrTotalsAreWrongIsShippedAllTheSame() throws IOException {
        data.cut(A, B);
        Files.write(data.block(A).resolve("tombstones"), new byte[20]);
        Path meta = data.block(B).resolve("meta.json");
        long samples = BlockMeta.read(meta).stats().numSamples();
        Files.writeString(meta, Files.readString(meta).replace("\"numSamples\": " + samples, "\"numSamples\": 1"));
        source.scan();
        assertThat(source.spool().ready()).extracting(Item::id).containsExactly(A, B);
    }

    @Test
    void aBlockThatWouldHaltThanosIsSetAsideWithTheRule() throws IOException {
        data.cut(A, B);
        data.corrupt(A, "chunks/000001");
        source.scan();
        assertThat(source.spool().ready()).extracting(Item::id).containsExactly(B);
        Quarantined aside = source.spool().quarantined().getFirst();
        assertThat(aside.id()).isEqualTo(A);
        assertThat(aside.loss().getDetail()).contains("chunks/000001");
        assertThat(aside.loss().getSamples()).isPositive();
    }
}
