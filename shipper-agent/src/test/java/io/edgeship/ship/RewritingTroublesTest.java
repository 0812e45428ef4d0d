package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.queue.Item;
import io.edgeship.queue.journal.Disk;
import io.edgeship.ship.reduce.ReductionConfig;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What may go wrong while blocks are written anew.
class RewritingTroublesTest extends ScannedSource {
    @Test
    void whatANewBlockTakesThePlaceOfIsNotBegunToBeSentMeanwhile() throws IOException {
        data.cut(A, B);
        source.scan();
        data.write(AB, 2, A, B);
        delete(AB);
        AtomicInteger asked = new AtomicInteger();
        source.sealWith(
                (order, out) -> {
                    assertThat(List.of(A, B)).allMatch(source::isWrittenAnew);
                    asked.incrementAndGet();
                    return Rewriter.HERE.rewrite(order, out);
                },
                false);
        source.scan();
        assertThat(asked).hasValue(1);
        assertThat(source.spool().ready()).hasSize(1);
    }

    @Test
    void aBlockWhoseRewrittenFormIsInQuarantineIsNotWrittenAnewAtEachScan() throws IOException {
        data.cut(A);
        delete(A);
        AtomicInteger asked = new AtomicInteger();
        source.sealWith(
                (order, out) -> {
                    asked.incrementAndGet();
                    return Rewriter.HERE.rewrite(order, out);
                },
                false);
        source.scan();
        Item item = source.spool().ready().getFirst();
        source.spool()
                .quarantine(
                        item.id(), source.losses().of(item.id(), item.meta(), Loss.Reason.REASON_REFUSED, "refused"));
        source.scan();
        assertThat(source.held().get(A)).contains(item.id().toString());
        source.scan();
        assertThat(asked).as("once before it was set aside, once after").hasValue(2);
        assertThat(source.held()).containsOnlyKeys(A);
    }

    @Test
    void aComplaintThatNamesNoSourceIsNotHeardAtEachScan() throws IOException {
        data.cut(A);
        data.write(X, 1, OUT_OF_ORDER, X);
        AtomicInteger asked = new AtomicInteger();
        source.sealWith(
                (_, _) -> {
                    asked.incrementAndGet();
                    throw new BadSourceException("nonsense");
                },
                false);
        source.scan();
        int first = asked.get();
        source.scan();
        assertThat(asked).hasValue(first);
        assertThat(source.held()).containsOnlyKeys(A, X);
        assertThat(source.spool().losses()).isEmpty();
    }

    @Test
    void theLossOfASealedBlockSaysWhichTimeItCovered() throws IOException {
        data.cut(A);
        source.scan();
        data.write(X, 1, OUT_OF_ORDER, X);
        source.sealWith(
                (_, _) -> {
                    throw new BadSourceException(A + "/index: nonsense");
                },
                false);
        source.scan();
        Loss loss = source.spool().losses().getFirst();
        assertThat(loss.getUlid()).isEqualTo(A.toString());
        assertThat(loss.getMinTimeMs()).isEqualTo(DataDirectory.windowOf(A).minTime());
        assertThat(loss.getMaxTimeMs()).isEqualTo(DataDirectory.windowOf(A).maxTime());
        assertThat(loss.getSamples()).isEqualTo(900);
    }

    @Test
    void aMergedBlockThatCouldNotBeWrittenAnewInTimeIsLetGoOnceItsSourcesWereShipped() throws IOException {
        data.cut(A, B);
        source.scan();
        data.merge(AB, List.of(A, B), A, B);
        delete(AB);
        source.sealWith(
                (_, _) -> {
                    throw new IOException("no memory");
                },
                false);
        source.scan();
        ship(A);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(AB);
        ship(B);
        source.scan();
        source.scan();
        assertThat(source.held()).isEmpty();
        assertThat(source.spool().incoming()).isEmpty();
        assertThat(source.spool().losses()).isEmpty();
    }

    /// An operator switched back to raw samples while the last 5-minute block waits.
    @Test
    void whatWasDownsampledBeforeIsNotWrittenAnewWithSamples() throws IOException {
        source.close();
        ReductionConfig fiveMinutes =
                new ReductionConfig(Relabeling.NONE, Optional.of(Resolution.FIVE_MINUTES), OptionalInt.empty());
        SourceConfig raw = data.source();
        SourceConfig reduced = new SourceConfig(
                raw.path(), raw.url(), raw.externalLabels(), 0, raw.spool(), raw.backfill(), fiveMinutes);
        source = PrometheusSource.open(reduced, "site", "it", InstantSource.fixed(NOW));
        data.cut(A);
        source.scan();
        BlockId downsampled = only().id();
        source.close();
        start();
        data.write(X, 1, OUT_OF_ORDER, X);
        assertThat(source.scan()).isEmpty();
        assertThat(ready()).containsExactly(downsampled);
        assertThat(source.held()).containsOnlyKeys(X);
    }

    /// A disk without room lets the order be written and not be carried out.
    @Test
    void aBlockThatAnInterruptedOrderReplacesIsNotSealedAgain() throws IOException {
        source.close();
        AtomicBoolean full = new AtomicBoolean();
        Disk disk = WatchedDisk.by((method, arguments) -> {
            boolean removesParent =
                    method.equals("move") && String.valueOf(arguments[1]).endsWith(B + ".tmp");
            if (removesParent && full.getAndSet(false)) {
                throw new IOException("no space left on device");
            }
        });
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(NOW), disk);
        source.sealWith(
                (_, _) -> {
                    throw new IOException("no memory");
                },
                false);
        data.cut(B);
        delete(B);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(B);
        data.write(A, 2, B, C); // its turn comes before that of its parent
        full.set(true);
        assertThat(source.scan()).singleElement().asString().contains("no space left");
        assertThat(source.scan()).isEmpty();
        assertThat(ready()).containsExactly(A);
        assertThat(source.spool().incoming()).isEmpty();
    }

    private void delete(BlockId id) throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(data.block(id)))) {
            long ref = Objects.requireNonNull(reader.cursor().next()).ref();
            long minTime = DataDirectory.windowOf(A).minTime();
            TestTombstones.write(data.block(id), List.of(new Tombstone(ref, minTime, minTime + 99_000)));
        }
    }
}
