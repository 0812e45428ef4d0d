package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.ABC;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Prometheus merges blocks that still wait in the spool; every sample is shipped once (I9).
class MergedBlocksTest extends ScannedSource {
    private static final BlockId AX = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA2");

    @Test
    void aBlockMergedTwiceWhileTheLinkIsDownIsShippedOnce() throws IOException {
        scanWith(A, B);
        assertThat(ready()).containsExactly(A, B);
        data.merge(AB, List.of(A, B), A, B);
        scanWith(C);
        assertThat(ready()).containsExactlyInAnyOrder(AB, C);
        data.merge(ABC, List.of(AB, C), A, B, C);
        source.scan();
        assertThat(ready()).containsExactly(ABC);
    }

    /// The bucket may have it already, though nobody heard so.
    @Test
    void aMergedBlockDoesNotTakeThePlaceOfOneThatIsOnItsWay() throws IOException {
        scanWith(A);
        Files.createFile(source.spool().ready().getFirst().dir().resolve("inbox-ledger"));
        scanWith(B);
        data.merge(AB, List.of(A, B), A, B);
        source.scan();
        assertThat(ready()).containsExactly(A, B);
    }

    @Test
    void parentsStillOnDiskBesideTheirMergedBlockAreNotTakenAgain() throws IOException {
        data.write(AB, 2, A, B);
        scanWith(A, B);
        source.scan();
        assertThat(ready()).containsExactly(AB);
    }

    @Test
    void aCorruptMergedBlockDoesNotReplaceItsSoundParents() throws IOException {
        scanWith(A, B);
        data.write(AB, 2, A, B);
        data.corrupt(AB, "index");
        source.scan();
        assertThat(ready()).containsExactly(A, B);
        assertThat(source.spool().quarantined()).extracting(Quarantined::id).containsExactly(AB);
    }

    @Test
    void aBlockMergedFromOneThatIsBeingSentIsNotTakenWhileTheOtherWaitsOnItsOwn() throws IOException {
        scanWith(A, B);
        source.sending(Optional.of(A));
        data.write(AB, 2, A, B);
        source.scan();
        assertThat(source.spool().find(AB)).isEmpty();
        assertThat(ready()).containsExactly(A, B);
        assertPrometheusMayMerge(AB);
    }

    /// All of its samples have a home: that the agent has to keep one of them waiting does not stop Prometheus.
    @Test
    void aBlockMergedFromOneThatWasShippedAndOneThatIsHeldIsPrometheusAffair() throws IOException {
        scanWith(A);
        ship(A);
        data.write(X, 1, OUT_OF_ORDER, X);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(X);
        data.merge(AX, List.of(A, X), A, X);
        source.scan();
        assertThat(source.held()).containsOnlyKeys(X);
        assertPrometheusMayMerge(AX);
    }

    private void assertPrometheusMayMerge(BlockId block) throws IOException {
        assertThat(Files.readString(data.shipperState())).contains(block.toString());
    }

    @Test
    void aMergedBlockIsOfNoInterestOnceItsParentsWereShipped() throws IOException {
        scanWith(A, B);
        ship(A);
        data.merge(AB, List.of(A, B), A, B);
        source.scan();
        assertThat(source.spool().find(AB)).isEmpty();
        ship(B);
        source.scan();
        source.scan();
        assertThat(source.held()).isEmpty();
        assertThat(source.spool().find(AB)).isEmpty();
        assertThat(source.spool().shippedRecords())
                .extracting(ShippedRecord::id)
                .containsExactly(A, B);
    }

    @Test
    void ofABlockMergedFromOneThatWasShippedTheRestIsShipped() throws IOException {
        scanWith(A);
        ship(A);
        data.merge(AB, List.of(A), A, B);
        source.scan();
        assertThat(source.spool().incoming()).isEmpty();
        Item rest = source.spool().ready().getFirst();
        assertThat(rest.range()).isEqualTo(DataDirectory.windowOf(B));
        assertThat(rest.meta().stats().numSamples()).isEqualTo(900);
        ship(rest.id());
        source.scan();
        source.scan();
        assertThat(source.held()).isEmpty();
        assertThat(source.spool().find(AB)).isEmpty();
        assertThat(ready()).isEmpty();
    }

    @Test
    void whatWasShippedIsForgottenOnlyWhenTwoLooksMissIt() throws IOException {
        scanWith(A);
        ship(A);
        data.remove(A);
        source.scan();
        assertThat(source.spool().shippedRecords()).hasSize(1);
        data.write(AB, 2, A, B); // the first look came between the two
        source.scan();
        assertThat(source.spool().shippedRecords()).hasSize(1);
        data.remove(AB);
        source.scan();
        source.scan();
        assertThat(source.spool().shippedRecords()).isEmpty();
    }

    private void scanWith(BlockId... blocks) throws IOException {
        data.cut(blocks);
        source.scan();
    }
}
