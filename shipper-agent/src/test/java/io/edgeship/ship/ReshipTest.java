package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.AB;
import static io.edgeship.ship.DataDirectory.B;
import static io.edgeship.ship.DataDirectory.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.ShippedRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReshipTest {
    private static final BlockId REWRITTEN = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHZ0");

    @Test
    void aBlockOnDiskIsSentAgainAlone() {
        Reship.Plan plan = one(A, List.of(disk(A, A), disk(B, B)), record(A, 0, A), record(B, 1, B));
        assertThat(plan.gone()).isEmpty();
        assertThat(plan.units()).singleElement().satisfies(unit -> {
            assertThat(ids(unit)).containsExactly(A);
            assertThat(unit.records()).containsExactly(record(A, 0, A));
            assertThat(unit.merged()).isFalse();
        });
    }

    @Test
    void aBlockShippedUnderAnotherNameIsFoundByEither() {
        for (BlockId name : new BlockId[] {A, REWRITTEN}) {
            Reship.Plan plan = one(name, List.of(disk(A, A)), record(REWRITTEN, 0, A));
            assertThat(plan.units()).as(name.toString()).hasSize(1);
            assertThat(ids(plan.units().getFirst())).containsExactly(A);
        }
    }

    @Test
    void blocksShippedAsOneAreSentAgainTogether() {
        Reship.Plan plan = one(B, List.of(disk(A, A), disk(B, B)), record(REWRITTEN, 0, A, B));
        assertThat(ids(plan.units().getFirst())).containsExactly(A, B);
        assertThat(plan.units().getFirst().merged()).isFalse();
    }

    @Test
    void whatIsPartlyOnDiskIsNotSent() {
        Reship.Plan plan = one(REWRITTEN, List.of(disk(A, A)), record(REWRITTEN, 0, A, B));
        assertThat(plan.units()).isEmpty();
        assertThat(plan.gone()).singleElement().asString().contains("only a part");
    }

    @Test
    void whatWasMergedSinceIsNamedWithTheBlockThatHoldsIt() {
        List<Found> disk = List.of(disk(AB, A, B), disk(C, C));
        ShippedRecord[] records = {record(A, 0, A), record(B, 1, B), record(C, 2, C)};
        Reship.Plan plan = one(A, disk, records);
        assertThat(plan.units()).isEmpty();
        assertThat(plan.gone())
                .containsExactly(A + ": not on disk by itself any more; Prometheus merged it into " + AB
                        + ", which --force sends");
        plan = Reship.plan(new Reship.Wanted.Between(0, 3), disk, List.of(records));
        assertThat(plan.gone()).hasSize(2);
        assertThat(plan.units())
                .singleElement()
                .satisfies(unit -> assertThat(ids(unit)).containsExactly(C));
    }

    @Test
    void aMergedBlockIsSentUnderItsOwnNameAndTheRecordsOfItsPartsGo() {
        Reship.Plan plan = one(AB, List.of(disk(AB, A, B)), record(A, 0, A), record(B, 1, B));
        assertThat(plan.units()).singleElement().satisfies(unit -> {
            assertThat(unit.merged()).isTrue();
            assertThat(unit.records()).hasSize(2);
        });
    }

    /// Cut off while it forgot the records.
    @Test
    void aMergedBlockOfWhichARecordIsForgottenIsStillSent() {
        Reship.Plan plan = one(AB, List.of(disk(AB, A, B)), record(B, 1, B));
        assertThat(plan.units())
                .singleElement()
                .satisfies(unit -> assertThat(unit.merged()).isTrue());
    }

    @Test
    void aRangeTakesWhatHasSamplesInIt() {
        List<Found> disk = List.of(disk(A, A), disk(B, B), disk(C, C));
        List<ShippedRecord> records = List.of(record(A, 0, A), record(B, 1, B), record(C, 2, C));
        Reship.Plan plan = Reship.plan(new Reship.Wanted.Between(1, 2), disk, records);
        assertThat(plan.units())
                .singleElement()
                .satisfies(unit -> assertThat(ids(unit)).containsExactly(B));
        assertThat(Reship.comesBehind(plan.units().getFirst(), records)).isTrue();
        plan = Reship.plan(new Reship.Wanted.Between(2, 9), disk, records);
        assertThat(Reship.comesBehind(plan.units().getFirst(), records)).isFalse();
    }

    @Test
    void whatIsGoneAndWhatIsUnknownIsSaid() {
        assertThat(one(A, List.of(), record(A, 0, A)).gone()).containsExactly(A + ": not on disk any more");
        assertThat(one(A, List.of()).gone()).singleElement().asString().contains("neither");
        assertThat(one(A, List.of(disk(A, A))).gone())
                .singleElement()
                .asString()
                .contains("not shipped yet");
    }

    private static Reship.Plan one(BlockId id, List<Found> disk, ShippedRecord... records) {
        return Reship.plan(new Reship.Wanted.One(id), disk, List.of(records));
    }

    private static List<BlockId> ids(Reship.Unit unit) {
        return unit.blocks().stream().map(block -> block.meta().id()).toList();
    }

    private static ShippedRecord record(BlockId id, long hour, BlockId... sources) {
        return new ShippedRecord(id, new TimeRange(hour, hour + 1), 1, List.of(sources), "", 1, Instant.EPOCH);
    }

    private static Found disk(BlockId id, BlockId... sources) {
        BlockMeta.Compaction lineage =
                new BlockMeta.Compaction(1, List.of(sources), false, List.of(), false, List.of());
        long begin = sources[0].equals(A) ? 0 : sources[0].equals(B) ? 1 : 2;
        return new Found(
                Path.of(id.toString()),
                new BlockMeta(
                        id,
                        new TimeRange(begin, begin + sources.length),
                        new BlockMeta.Stats(1, 1, 0, 1, 1, 0),
                        lineage,
                        null,
                        JsonObject.empty()));
    }
}
