package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.ship.rewrite.BadSourceException;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What becomes of blocks that a stock Thanos could not take as they are.
class SealingScenarioTest extends ScannedSource {
    private static final BlockId XOR2 = BlockId.parse("01M83GR348Y4934FR7CE7TVV09");
    private static final int SAMPLES = 900; // of each block

    @Test
    void aBlockOfXor2IsShippedWithTheSameSamplesAsAStockThanosReadsThem() throws IOException {
        golden(XOR2);
        source.scan();
        Item item = only();
        assertThat(item.id()).isNotEqualTo(XOR2);
        assertThat(BlockDiff.compare(data.block(XOR2), item.dir(), true, _ -> {})
                        .count())
                .isZero();
        if (BlockVerifier.verify(item.dir(), item.id()) instanceof Verdict.Sound(var _, var content)) {
            assertThat(content.chunksByEncoding().keySet()).allMatch(Encoding::readByThanos);
        } else {
            throw new AssertionError("not sound");
        }
        ThanosMeta thanos = Objects.requireNonNull(item.meta().thanos());
        assertThat(thanos.labels()).containsEntry("site", "it");
        assertThat(thanos.files()).hasSize(3);
        assertThat(thanos.extension("edgeship").texts("of")).containsExactly(XOR2.toString());
        ship(item.id());
        source.scan();
        source.scan();
        assertThat(source.spool().ready()).isEmpty();
        assertThat(source.spool().incoming()).isEmpty();
        assertThat(source.spool().workshop()).isEmptyDirectory();
    }

    @Test
    void deletedSamplesStayAtTheSite() throws IOException {
        data.cut(A);
        long minTime = DataDirectory.windowOf(A).minTime();
        TestTombstones.write(data.block(A), List.of(new Tombstone(seriesRef(), minTime, minTime + 99_000)));
        source.scan();
        assertThat(only().meta().stats().numSamples()).isEqualTo(SAMPLES - 100);
    }

    @Test
    void aBlockOfWhichNothingIsLeftIsNotShippedAndNotTakenAgain() throws IOException {
        data.cut(A);
        source.sealWith((_, _) -> Optional.empty(), false);
        TestTombstones.write(data.block(A), List.of(new Tombstone(seriesRef(), 0, Long.MAX_VALUE)));
        source.scan();
        source.scan();
        assertThat(source.spool().ready()).isEmpty();
        assertThat(source.spool().incoming()).isEmpty();
        assertThat(source.spool().losses()).isEmpty();
        assertThat(source.held()).isEmpty();
    }

    @Test
    void anOutOfOrderBlockWaitsForItsWindowAndIsShippedInIt() throws IOException {
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(source.waiting()).containsOnlyKeys(X);
        assertThat(source.held()).isEmpty();
        data.cut(A, B);
        source.scan();
        assertThat(source.waiting()).isEmpty();
        assertThat(source.spool().incoming()).isEmpty();
        assertThat(source.spool().ready()).hasSize(2);
        Item merged = source.spool().ready().getFirst();
        assertThat(source.spool().origins(merged.id())).containsExactly(A, X);
        assertThat(merged.meta().stats().numSamples()).isEqualTo(SAMPLES);
        data.merge(AB, List.of(A, B), A, X, B);
        source.scan();
        assertThat(ready())
                .as("what Prometheus merges later takes the place of all")
                .containsExactly(AB);
    }

    @Test
    void anOutOfOrderBlockIsMergedIntoAWindowThatWaitsToBeSent() throws IOException {
        data.cut(A, B);
        source.scan();
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(ready()).doesNotContain(A, X).hasSize(2).contains(B);
    }

    @Test
    void nothingIsMergedIntoAWindowThatIsBeingSent() throws IOException {
        data.cut(A);
        source.scan();
        source.sending(Optional.of(A));
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(ready()).containsExactly(A);
        assertThat(source.held()).containsOnlyKeys(X);
    }

    @Test
    void nothingIsMergedIntoAWindowThatWasSentThoughNobodyHeardThatItArrived() throws IOException {
        data.cut(A);
        source.scan();
        Files.createFile(only().dir().resolve("ledger")); // the agent was killed before the reply came
        source.close();
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(NOW));
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(ready()).containsExactly(A);
        assertThat(source.held()).containsOnlyKeys(X);
    }

    @Test
    void aLateBlockThatWasSealedIsNotSentOnceTheCentreIsAStockThanosAgain() throws IOException {
        data.cut(A);
        source.scan();
        ship(A);
        source.sealWith(Rewriter.HERE, true);
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(source.barred(only())).isEmpty();
        source.sealWith(Rewriter.HERE, false);
        source.scan();
        assertThat(source.barred(only())).isPresent();
        assertThat(source.held().get(X))
                .contains(
                        "centre: edgeship",
                        Instant.ofEpochMilli(DataDirectory.windowOf(A).minTime())
                                .toString());
        Files.createFile(only().dir().resolve("inbox-ledger"));
        assertThat(source.barred(only())).as("what has begun goes on").isEmpty();
    }

    @Test
    void aLateBlockIsHeldForThanosWithItsBytesAndMarkedForEdgeship() throws IOException {
        data.cut(A);
        source.scan();
        ship(A);
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(source.held().get(X)).contains("centre: edgeship");
        data.remove(X);
        source.scan();
        assertThat(source.spool().incoming()).extracting(Incoming::id).containsExactly(X);
        source.sealWith(Rewriter.HERE, true);
        source.scan();
        assertThat(source.held()).isEmpty();
        assertThat(only().id()).isEqualTo(X);
        assertThat(Objects.requireNonNull(only().meta().thanos())
                        .extension(Sealer.LATE)
                        .keys())
                .isNotEmpty();
    }

    @Test
    void aWindowCutAgainAfterTheDiskWasRestoredIsLateThoughItsRecordIsForgotten() throws IOException {
        data.cut(A);
        source.scan();
        ship(A);
        data.remove(A);
        source.scan();
        source.scan();
        assertThat(source.spool().shippedRecords()).isEmpty();
        source.close();
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(NOW));
        BlockId again = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA7");
        data.cut(again, C);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(again);
        assertThat(ready()).containsExactly(C);
    }

    @Test
    void whereAMergedBlockMayHoldNewSamplesOfAShippedWindowItStaysAndTheRestGoes() throws IOException {
        data.cut(A);
        source.scan();
        ship(A);
        data.merge(AB, List.of(A), A, X, B);
        Path meta = data.block(AB).resolve("meta.json");
        String without = Files.readString(meta)
                .replace("\"" + X + "\",\n\t\t\t\t\"minTime\"", "\"" + C + "\",\n\t\t\t\t\"minTime\"");
        Files.writeString(meta, without); // of X it only says that it is in there, not when
        source.scan();
        assertThat(source.held()).containsOnlyKeys(AB);
        assertThat(only().range()).isEqualTo(DataDirectory.windowOf(B));
        ship(only().id());
        source.scan();
        source.scan();
        assertThat(source.held()).containsOnlyKeys(AB);
        assertThat(ready()).isEmpty();
        assertThat(source.spool().incoming()).extracting(Incoming::id).containsExactly(AB);
        assertThat(source.spool().shippedRecords())
                .extracting(ShippedRecord::range)
                .contains(DataDirectory.windowOf(B));
    }

    @Test
    void whatCannotBeWrittenAnewNowIsKeptAndTriedAgain() throws IOException {
        golden(XOR2);
        data.cut(A);
        AtomicInteger tries = new AtomicInteger();
        source.sealWith(
                (_, _) -> {
                    tries.incrementAndGet();
                    throw new IOException("no space left on device");
                },
                false);
        assertThat(source.scan()).singleElement().asString().contains("no space left");
        assertThat(source.held().get(XOR2)).contains("no space left");
        assertThat(ready()).as("the next one goes on").containsExactly(A);
        source.scan();
        assertThat(tries).as("not at once").hasValue(1);
        assertThat(source.spool().incoming()).extracting(Incoming::id).containsExactly(XOR2);
        assertThat(source.spool().losses()).isEmpty();
    }

    @Test
    void aSourceThatIsToBlameIsSetAsideAndTheOthersGoOn() throws IOException {
        data.cut(A);
        data.write(X, 1, OUT_OF_ORDER, X);
        source.sealWith(
                (_, _) -> {
                    throw new BadSourceException(X + "/index: nonsense");
                },
                false);
        source.scan();
        assertThat(source.spool().quarantined()).extracting(Quarantined::id).containsExactly(X);
        source.scan();
        assertThat(ready()).containsExactly(A);
    }

    @Test
    void aBlockThatIsBeingWrittenAnewIsNotBegunToBeSent() throws IOException {
        data.cut(A);
        source.scan();
        data.write(X, 1, OUT_OF_ORDER, X);
        AtomicInteger asked = new AtomicInteger();
        source.sealWith(
                (order, out) -> {
                    assertThat(source.isWrittenAnew(A)).isTrue();
                    asked.incrementAndGet();
                    return Rewriter.HERE.rewrite(order, out);
                },
                false);
        source.scan();
        assertThat(asked).hasValue(1);
        assertThat(source.isWrittenAnew(A)).isFalse();
        assertThat(ready()).hasSize(1).doesNotContain(A);
    }

    private long seriesRef() throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(data.block(A)))) {
            return Objects.requireNonNull(reader.cursor().next()).ref();
        }
    }

    private void golden(BlockId id) throws IOException {
        Files.createDirectories(data.block(id).resolve("chunks"));
        for (String file : List.of("chunks/000001", "index", "meta.json", "tombstones")) {
            try (InputStream in =
                    SealingScenarioTest.class.getResourceAsStream("/golden/prometheus-3.14/" + id + "/" + file)) {
                Files.copy(Objects.requireNonNull(in, file), data.block(id).resolve(file));
            }
        }
    }
}
