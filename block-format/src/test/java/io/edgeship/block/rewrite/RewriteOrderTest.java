package io.edgeship.block.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.Relabeling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RewriteOrderTest {
    @Test
    void rangesComeInOrderAndThoseThatMeetAsOne() {
        RewriteOrder order = keeping(range(50, 60), range(10, 20), range(20, 30), range(12, 15));

        assertThat(order.keep()).containsExactly(range(10, 30), range(50, 60));
        assertThat(order.keptOf(range(0, 100))).containsExactly(range(10, 30), range(50, 60));
        assertThat(order.keptOf(range(15, 55))).containsExactly(range(15, 30), range(50, 55));
        assertThat(order.keptOf(range(12, 20))).containsExactly(range(12, 20));
        assertThat(order.keptOf(range(30, 50))).isEmpty();
        assertThat(keeping().keptOf(range(0, 5))).containsExactly(range(0, 5));
    }

    @Test
    void whatCannotBeCarriedOutIsNoOrder() {
        assertThatThrownBy(() -> keeping(range(5, 5))).hasMessageContaining("nothing can be kept");
        assertThatThrownBy(() -> order(OptionalInt.of(0), Optional.empty())).hasMessageContaining("0 digits");
        assertThatThrownBy(() -> order(OptionalInt.of(18), Optional.empty())).hasMessageContaining("18 digits");
        assertThatThrownBy(() -> order(OptionalInt.empty(), Optional.of(Resolution.ONE_HOUR)))
                .hasMessageContaining("ONE_HOUR");
        assertThatThrownBy(() -> RewriteOrder.of(List.of(), new TreeMap<>())).hasMessageContaining("no block");
    }

    private static TimeRange range(long from, long to) {
        return new TimeRange(from, to);
    }

    private static RewriteOrder keeping(TimeRange... ranges) {
        return new RewriteOrder(
                List.of(Path.of("a")),
                new TreeMap<>(),
                List.of(ranges),
                Relabeling.NONE,
                OptionalInt.empty(),
                Optional.empty());
    }

    private static RewriteOrder order(OptionalInt digits, Optional<Resolution> resolution) {
        return new RewriteOrder(List.of(Path.of("a")), new TreeMap<>(), List.of(), Relabeling.NONE, digits, resolution);
    }
}
