package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.ShipperState;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.journal.Disk;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `thanos.shipper.json`: what Prometheus 3.9 and later waits for, and what a sidecar leaves behind.
class ShipperStateTest {
    @TempDir
    private Path dir;

    private DataDirectory data;

    @BeforeEach
    void create() throws IOException {
        data = DataDirectory.create(dir);
    }

    @Test
    void theFileIsThereBeforeTheFirstScan() throws IOException {
        try (PrometheusSource _ = open()) {
            assertThat(listed()).isEmpty();
        }
    }

    @Test
    void aBlockIsListedOnceItIsInTheSpoolOrSetAside() throws IOException {
        data.cut(A, B, C);
        data.corrupt(B, "index");
        Files.writeString(data.block(C).resolve("meta.json"), "{}");
        try (PrometheusSource source = open()) {
            source.scan();
            assertThat(listed()).containsExactlyInAnyOrder(A, B, C);
            assertThat(source.spool().quarantined()).hasSize(2);
        }
    }

    @Test
    void aSidecarsListIsTakenOverOnce() throws IOException {
        data.cut(A, B);
        write(A);
        try (PrometheusSource source = open()) {
            source.scan();
            assertThat(source.spool().shippedRecords())
                    .extracting(ShippedRecord::id)
                    .containsExactly(A);
            assertThat(source.spool().ready()).extracting(Item::id).containsExactly(B);
            assertThat(listed()).containsExactly(A, B);
        }
    }

    @Test
    void blocksThatTheSidecarShippedAreNotSentAgainWhenPrometheusHasMergedThem() throws IOException {
        write(A, B);
        data.write(AB, 2, A, B);
        try (PrometheusSource source = open()) {
            source.scan();
            source.scan();
            source.scan();
            assertThat(source.spool().ready()).isEmpty();
            assertThat(source.spool().incoming()).isEmpty();
            assertThat(source.held()).isEmpty();
            assertThat(listed()).containsExactly(AB);
        }
    }

    @Test
    void ofABlockThatWasMergedFromOneThatTheSidecarShippedTheRestIsSent() throws IOException {
        write(A);
        data.write(AB, 2, A, B);
        try (PrometheusSource source = open()) {
            source.sealWith(Rewriter.HERE, false);
            source.scan();
            assertThat(source.spool().ready())
                    .singleElement()
                    .satisfies(rest -> assertThat(rest.range()).isEqualTo(DataDirectory.windowOf(B)));
        }
    }

    @Test
    void anotherWriterStopsTheSourceUntilItsFileIsDeleted() throws IOException {
        data.cut(A);
        try (PrometheusSource source = open()) {
            source.scan();
            write(A, B);
            data.cut(C);
            assertThat(source.scan()).singleElement().asString().contains("was changed by somebody else", "delete");
            assertThat(source.stopped()).isPresent();
            assertThat(source.spool().find(C)).isEmpty();
            assertThat(listed()).containsExactly(A, B);

            Files.delete(data.shipperState());
            assertThat(source.scan()).isEmpty();
            assertThat(source.stopped()).isEmpty();
            assertThat(listed()).containsExactly(A, C);
        }
    }

    @Test
    void anotherWriterBetweenTwoRunsStopsTheSourceAndNotTheAgent() throws IOException {
        try (PrometheusSource source = open()) {
            source.scan();
        }
        write(A, B);
        try (PrometheusSource source = open()) {
            assertThat(source.stopped()).isPresent();
            assertThat(source.scan()).hasSize(1);
        }
    }

    /// The list is kept in the spool first, then the file is replaced.
    @Test
    void aCrashBetweenTheKeptListAndTheFileIsNoOtherWriter() throws IOException {
        data.cut(A);
        byte[] before;
        try (PrometheusSource source = open()) {
            before = Files.readAllBytes(data.shipperState());
            source.scan();
        }
        Files.write(data.shipperState(), before);
        try (PrometheusSource source = open()) {
            assertThat(source.scan()).isEmpty();
            assertThat(listed()).containsExactly(A);
        }
    }

    @Test
    void aTornFileIsWrittenAnew() throws IOException {
        Files.writeString(data.shipperState(), "{\"version\": 1, \"uplo");
        try (PrometheusSource source = open()) {
            assertThat(source.stopped()).isEmpty();
            assertThat(listed()).isEmpty();
        }
    }

    @Test
    void releasingListsWhatTheBucketConfirmedAndNothingElse() throws IOException {
        data.cut(A, B);
        try (PrometheusSource source = open()) {
            source.scan();
            source.spool().shipped(source.spool().ready().getFirst(), Instant.EPOCH);
            source.release();
            assertThat(listed()).containsExactly(A);
        }
    }

    /// Else a sidecar that follows ships their samples once more.
    @Test
    void releasingListsBlocksThatWereShippedUnderAnotherNameToo() throws IOException {
        BlockId late = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA1");
        data.cut(A, B);
        data.write(late, 1, List.of("from-out-of-order"), late);
        try (PrometheusSource source = open()) {
            source.sealWith(Rewriter.HERE, false);
            source.scan();
            Item merged = source.spool().ready().stream()
                    .filter(item -> item.range().equals(DataDirectory.windowOf(A)))
                    .findFirst()
                    .orElseThrow();
            assertThat(merged.id()).isNotIn(A, late);
            source.spool().shipped(merged, Instant.EPOCH);
            source.release();
            assertThat(listed()).containsExactlyInAnyOrder(A, late);
        }
    }

    private PrometheusSource open() throws IOException {
        return PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    private void write(BlockId... uploaded) throws IOException {
        Files.write(data.shipperState(), ShipperState.of(List.of(uploaded)).toJson());
    }

    private List<BlockId> listed() throws IOException {
        return ShipperState.parse("it", Files.readAllBytes(data.shipperState())).uploaded().stream()
                .map(BlockId::tryParse)
                .map(Optional::orElseThrow)
                .toList();
    }

    /// Each try notes what it is about to write.
    @Test
    void aFileOfOursIsKnownHoweverOftenWritingItFailed() throws IOException {
        AtomicBoolean full = new AtomicBoolean();
        Disk disk = WatchedDisk.by((_, arguments) -> {
            boolean publishes = arguments[arguments.length - 1].equals(data.shipperState());
            if (full.get() && publishes) {
                throw new IOException("no space left on device");
            }
        });
        try (PrometheusSource source =
                PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH), disk)) {
            full.set(true);
            for (BlockId block : List.of(A, B)) {
                data.cut(block);
                assertThatThrownBy(source::scan).hasMessageContaining("no space left");
            }
            full.set(false);
            source.scan();
            assertThat(source.stopped()).isEmpty();
            assertThat(listed()).containsExactly(A, B);
        }
    }
}
