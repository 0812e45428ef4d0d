package io.edgeship.compact.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an operator reads once all is done.
class WordsOfPlansTest {
    @Test
    void blocksThatWereCompactedAreOneLineOfTheDryRunAndSayWhereTheirSamplesAre() {
        List<BucketBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            blocks.add(
                    TestBlock.of("a", 2L * i, 2L * i + 2).number(i).marked(30).get());
        }
        BucketBlock compacted = TestBlock.of("a", 0, 24)
                .number(99)
                .compacted(blocks.stream().map(block -> block.meta().id()).toList())
                .get();
        blocks.add(compacted);
        BucketView view = new BucketView(blocks, List.of(), List.of(), Map.of(), List.of());

        Planned planned = Planner.plan(view, Instant.ofEpochMilli(30 * TestBlock.HOUR), rules());

        assertThat(PlanTable.print(planned).lines())
                .hasSize(3)
                .startsWith("nothing to compact. 0 marks. 13 blocks left")
                .endsWith("left: 12 blocks that are marked for deletion");
        assertThat(Why.of(view, planned, blocks.getFirst().meta().id()))
                .contains("All of it is in %s, too.".formatted(compacted.meta().id()));
        assertThat(Why.of(view, planned, compacted.meta().id())).noneMatch(line -> line.contains("too."));
    }

    private static PlanRules rules() {
        return PlanRules.defaults("site", 4L << 30);
    }
}
