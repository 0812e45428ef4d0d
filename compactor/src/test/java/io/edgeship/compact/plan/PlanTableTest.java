package io.edgeship.compact.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A dry run, and why a block is where it is.
class PlanTableTest extends PlannerBed {
    @Test
    void aDryRunTellsAllAndWhyTellsOfOne() {
        raw(0, 52);
        Planned planned = plan(60);

        String table = PlanTable.print(planned);
        assertThat(table).contains("plan 1: 24 blocks", "requests", "of memory", "left: " + id(25));
        assertThat(PlanTable.json(planned).toString()).contains("\"plans\":[{\"labels\":{\"site\":\"a\"}");
        assertThat(Why.of(view(), planned, id(0))).anyMatch(text -> text.contains("a source of plan 1"));
        assertThat(Why.of(view(), planned, id(25))).anyMatch(text -> text.startsWith("It is in no plan: it waits"));
        assertThat(Why.of(view(), planned, new BlockId(1, 1)))
                .containsExactly("There is no block " + new BlockId(1, 1) + " in the bucket.");
    }

    @Test
    void aDryRunNamesAFewBlocksOfAPlanAndTheJsonAllOfThem() throws Exception {
        raw(0, 48);
        Planned planned = plan(60);

        assertThat(PlanTable.print(planned).lines().filter(line -> line.startsWith("  from ")))
                .hasSize(5);
        assertThat(PlanTable.print(planned)).contains("  and 19 more");
        assertThat(PlanTable.json(planned).objects("plans").getFirst().texts("sources"))
                .hasSize(24);
    }

    @Test
    void blocksThatWereCompactedAreOneLineOfADryRunAndSayWhereTheirSamplesAre() {
        for (int i = 0; i < 12; i++) {
            blocks.add(block(2L * i, 2L * i + 2).number(i).marked(W + 30).get());
        }
        List<BlockId> sources = blocks.stream().map(block -> block.meta().id()).toList();
        BucketBlock compacted = block(0, 24).number(99).compacted(sources).get();
        blocks.add(compacted);

        Planned planned = plan(30);

        assertThat(PlanTable.print(planned).lines())
                .hasSize(3)
                .startsWith("nothing to compact. 0 marks. 13 blocks left")
                .endsWith("left: 12 blocks that are marked for deletion");
        assertThat(Why.of(view(), planned, id(0)))
                .contains("All of it is in %s, too.".formatted(compacted.meta().id()));
        assertThat(Why.of(view(), planned, compacted.meta().id())).noneMatch(line -> line.contains("too."));
    }
}
