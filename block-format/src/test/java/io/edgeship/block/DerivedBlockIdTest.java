package io.edgeship.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DerivedBlockIdTest {
    private static final BlockId OLD = BlockId.parse("01KA0000000000000000000000");
    private static final BlockId NEW = BlockId.parse("01KB0000000000000000000000");
    private static final TimeRange RANGE = new TimeRange(0, 7_200_000);

    @Test
    void sameSourcesInAnyOrderGiveTheSameId() {
        assertThat(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("site", "a"), 0, RANGE))
                .isEqualTo(DerivedBlockId.of("merge", List.of(NEW, OLD), Map.of("site", "a"), 0, RANGE));
    }

    @Test
    void itBearsTheTimeOfTheNewestSource() {
        BlockId id = DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of(), 0, RANGE);
        assertThat(id.timeMillis()).isEqualTo(NEW.timeMillis());
        assertThat(BlockId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void whateverChangesTheBlockChangesTheId() {
        Set<BlockId> ids = new HashSet<>();
        ids.add(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("a", "bc"), 0, RANGE));
        ids.add(DerivedBlockId.of("transcode", List.of(OLD, NEW), Map.of("a", "bc"), 0, RANGE));
        ids.add(DerivedBlockId.of("merge", List.of(NEW), Map.of("a", "bc"), 0, RANGE));
        ids.add(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("ab", "c"), 0, RANGE));
        ids.add(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("a", "bc"), 300_000, RANGE));
        ids.add(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("a", "bc"), 0, new TimeRange(0, 1)));
        assertThat(ids).hasSize(6);
    }

    /// A change of this value is a change of every block name in every bucket: then raise the writer's version.
    @Test
    void theIdIsTheOneItAlwaysWas() {
        assertThat(DerivedBlockId.of("merge", List.of(OLD, NEW), Map.of("site", "a"), 0, RANGE))
                .hasToString("01KB0000001FERAYP7ZK0Y4X38");
    }
}
