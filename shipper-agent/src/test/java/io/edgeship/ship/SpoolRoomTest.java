package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A spool that is to be no larger than two of its blocks, and a third.
class SpoolRoomTest {
    @TempDir
    private Path dir;

    private DataDirectory data;
    private PrometheusSource source;
    private long blockBytes;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir);
        data.cut(A);
        try (var files = Files.walk(data.block(A))) {
            blockBytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
        start();
    }

    private void start() throws IOException {
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void linksCostNothingAndTheOldestGoesOnceTheSourceLetGo() throws IOException {
        limit(OnFull.OLDEST, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        assertThat(ready()).containsExactly(A, B, C);
        data.remove(A, B);
        source.scan();
        assertThat(ready()).as("two of their own are allowed").containsExactly(A, B, C);
        data.remove(C);
        source.scan();
        assertThat(ready()).containsExactly(B, C);
        assertThat(losses()).containsExactly(A + " REASON_EVICTED");
        assertThat(source.spool().losses().getFirst().getSamples()).isPositive();
        assertThat(source.evictedItems()).isOne();
        assertThat(source.full()).isEmpty();
        assertThat(source.spoolUse().ownBytes()).isLessThan(3 * blockBytes);
    }

    @Test
    void whatIsBeingSentOrWasBegunStays() throws IOException {
        limit(OnFull.OLDEST, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        source.sending(Optional.of(A));
        Files.writeString(source.spool().ready().get(1).dir().resolve("inbox-ledger"), "begun");
        data.remove(A, B, C);
        source.scan();
        assertThat(ready()).containsExactly(A, B);
        assertThat(losses()).containsExactly(C + " REASON_EVICTED");
    }

    /// All of it may have been sent, so that the bucket gets it after all.
    @Test
    void theTimeOfABegunBlockThatHadToGoCountsAsShipped() throws IOException {
        source.scan();
        Files.writeString(source.spool().ready().getFirst().dir().resolve("inbox-ledger"), "begun");
        drop(A);
        BlockId cutAgain = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA1");
        data.cut(cutAgain);
        source.scan();
        assertThat(source.spool().ready()).isEmpty();
        assertThat(source.held()).containsOnlyKeys(cutAgain);
    }

    /// A block whose copy had to go would else be copied and go again at each scan.
    @Test
    void whatHadToGoIsNotTakenAgainNotEvenAfterARestart() throws IOException {
        limit(OnFull.OLDEST, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        data.remove(A, B, C);
        source.scan();
        data.cut(A);
        source.scan();
        source.close();
        start();
        source.scan();
        assertThat(ready()).containsExactly(B, C);
    }

    @Test
    void whatAPersonDroppedIsNotTakenAgainNorMergedOnlyFromSuch() throws IOException {
        data.cut(B, C);
        source.scan();
        drop(A);
        drop(B);
        source.scan();
        assertThat(ready()).containsExactly(C);
        data.write(AB, 2, A, B);
        source.scan();
        assertThat(ready()).containsExactly(C);
    }

    @Test
    void whatWasDroppedIsTakenAfterAllOnceItsRecordIsDeleted() throws IOException {
        data.cut(B, C);
        source.scan();
        drop(A);
        Files.delete(source.spool().dir().resolve("losses").resolve(A + ".pb"));
        source.close();
        start();
        source.scan();
        assertThat(ready()).contains(A);
    }

    /// Else it would be taken, written anew and give way at each scan.
    @Test
    void whatTheDroppedBlockWasWrittenAnewFromIsNotTakenAgainEither() throws IOException {
        BlockId late = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA1");
        data.write(late, 1, List.of("from-out-of-order"), late);
        source.sealWith(Rewriter.HERE, false);
        source.scan();
        BlockId merged = source.spool().ready().getFirst().id();
        assertThat(List.of(A, late)).doesNotContain(merged);
        drop(merged);
        source.sealWith(Rewriter.HERE, false);
        source.scan();
        assertThat(ready()).isEmpty();
        assertThat(source.spool().incoming()).isEmpty();
        assertThat(source.spool().losses())
                .singleElement()
                .satisfies(loss ->
                        assertThat(loss.getSourceUlidsList()).containsExactlyInAnyOrder(A.toString(), late.toString()));
    }

    /// While the agent is stopped, for it owns its spool.
    private void drop(BlockId id) throws IOException {
        Losses losses = new Losses("it", source.spool().incarnation(), InstantSource.fixed(Instant.EPOCH));
        losses.drop(source.spool(), id, null, Loss.Reason.REASON_DROPPED, "dropped by an operator");
        source.close();
        start();
    }

    @Test
    void aMergedBlockTakesItsParentsPlaceBeforeAnythingIsEvicted() throws IOException {
        limit(OnFull.OLDEST, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        data.merge(AB, List.of(A, B), A, B);
        data.remove(C);
        source.scan();
        assertThat(ready()).containsExactlyInAnyOrder(AB, C);
        assertThat(losses()).isEmpty();
    }

    @Test
    void whatWasSetAsideGoesFirst() throws IOException {
        limit(OnFull.OLDEST, Rewriter.HERE);
        data.cut(B, C);
        data.corrupt(C, "index");
        source.scan();
        assertThat(source.spool().find(C)).contains(Place.QUARANTINE);
        data.remove(A, B, C);
        source.scan();
        assertThat(ready()).containsExactly(A, B);
        assertThat(source.spool().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_EVICTED);
            assertThat(loss.getDetail()).contains("set aside before", "index");
        });
    }

    @Test
    void thinningReplacesTheOldestRawBlockByAValidOneOfFiveMinutes() throws IOException {
        limit(OnFull.THIN, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        data.remove(A, B, C);
        source.scan();
        List<Item> items = source.spool().ready();
        assertThat(items).hasSize(3).extracting(Item::id).contains(B, C).doesNotContain(A);
        Item thin = items.stream()
                .filter(item -> !List.of(B, C).contains(item.id()))
                .findFirst()
                .orElseThrow();
        ThanosMeta thanos = Objects.requireNonNull(thin.meta().thanos());
        assertThat(thanos.resolutionMillis()).isEqualTo(300_000);
        assertThat(thanos.labels()).containsEntry("site", "it");
        assertThat(BlockVerifier.verify(thin.dir(), thin.id())).isInstanceOf(Verdict.Sound.class);
        assertThat(source.spool().origins(thin.id())).containsExactly(A);
        assertThat(losses()).containsExactly(A + " REASON_THINNED");
        assertThat(source.thinnedItems()).isOne();
        assertThat(source.spool().workshop()).isEmptyDirectory();

        source.spool().shipped(thin, Instant.EPOCH);
        assertThat(source.spool().shippedRecords())
                .singleElement()
                .extracting(ShippedRecord::sources)
                .isEqualTo(List.of(A));
    }

    @Test
    void whereThinningFreesNothingMoreTheOldestGoes() throws IOException {
        source.keepWithin(new SpoolLimits(blockBytes / 50, 0, OnFull.THIN), Rewriter.HERE);
        data.cut(B);
        source.scan();
        data.remove(A, B);
        source.scan();
        assertThat(ready()).isEmpty();
        assertThat(source.thinnedItems()).isEqualTo(2);
        assertThat(losses())
                .hasSize(4)
                .filteredOn(loss -> loss.endsWith("EVICTED"))
                .hasSize(2);
    }

    @Test
    void whereTheNewBlockFindsNoRoomTheOldestGoesInstead() throws IOException {
        limit(OnFull.THIN, (_, _) -> {
            throw new FileSystemException("workshop", null, "No space left on device");
        });
        data.cut(B, C);
        source.scan();
        data.remove(A, B, C);
        source.scan();
        assertThat(ready()).containsExactly(B, C);
        assertThat(losses()).containsExactly(A + " REASON_EVICTED");
    }

    @Test
    void aBlockThatIsBegunWhileItIsThinnedStaysRaw() throws IOException {
        limit(OnFull.THIN, (order, out) -> {
            var made = Rewriter.HERE.rewrite(order, out);
            source.sending(Optional.of(A));
            return made;
        });
        data.cut(B, C);
        source.scan();
        data.remove(A, B, C);
        source.scan();
        assertThat(ready()).contains(A);
        assertThat(losses()).doesNotContain(A + " REASON_THINNED");
        assertThat(source.spool().workshop()).isEmptyDirectory();
    }

    @Test
    void stopTakesNothingMoreSaysSoAndGoesOnOnceThereIsRoom() throws IOException {
        limit(OnFull.STOP, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        assertThat(ready()).containsExactly(A, B);
        assertThat(source.held()).containsEntry(C, "not taken: the spool has no room");
        assertThat(source.full()).hasValueSatisfying(why -> assertThat(why).contains("no room", "spool.max_bytes"));
        assertThat(Files.readString(data.shipperState()))
                .as("it may not be merged away")
                .doesNotContain(C.toString());
        data.remove(A, B);
        source.scan();
        assertThat(ready()).as("nothing is ever deleted").containsExactly(A, B);

        ship(A);
        source.scan();
        assertThat(ready()).containsExactly(B, C);
        assertThat(source.full()).isEmpty();
        assertThat(losses()).isEmpty();
    }

    @Test
    void aBlockThatTheSourceDeletesWhileTheSpoolIsFullIsALossOnRecordAlsoAfterARestart() throws IOException {
        limit(OnFull.STOP, Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        source.close();
        data.remove(C);
        start();
        limit(OnFull.STOP, Rewriter.HERE);
        source.scan();
        source.scan();
        assertThat(source.spool().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.getUlid()).isEqualTo(C.toString());
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_VANISHED);
            assertThat(loss.getDetail()).contains("the spool had no room");
            assertThat(loss.getSamples()).isPositive();
        });
    }

    @Test
    void aBlockThatWasNotTakenAndMergedSinceIsNoLoss() throws IOException {
        source.keepWithin(new SpoolLimits(1, 0, OnFull.STOP), Rewriter.HERE);
        data.cut(B, C);
        source.scan();
        assertThat(ready())
                .as("an empty spool takes one, else nothing would ever be shipped")
                .containsExactly(A);
        data.write(AB, 2, B, C);
        data.remove(B, C);
        source.scan();
        assertThat(losses()).isEmpty();
        assertThat(source.held()).containsOnlyKeys(AB);
    }

    private void limit(OnFull onFull, Rewriter rewriter) {
        source.keepWithin(new SpoolLimits(blockBytes * 5 / 2, 0, onFull), rewriter);
    }

    private void ship(BlockId id) throws IOException {
        Item item = source.spool().ready().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        source.spool().shipped(item, Instant.EPOCH);
    }

    private List<String> losses() throws IOException {
        return source.spool().losses().stream()
                .map(loss -> loss.getUlid() + " " + loss.getReason().name())
                .toList();
    }

    private List<BlockId> ready() throws IOException {
        List<BlockId> all =
                new ArrayList<>(source.spool().ready().stream().map(Item::id).toList());
        all.addAll(source.spool().incoming().stream().map(Incoming::id).toList());
        return all;
    }
}
