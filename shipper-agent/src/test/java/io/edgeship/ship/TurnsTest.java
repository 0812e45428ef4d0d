package io.edgeship.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose turn it is.
class TurnsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final long HOUR = 3_600_000;

    @TempDir
    private Path dir;

    @Test
    void theOldestDataGoesFirstUnlessTheFreshestIsWanted() throws IOException {
        try (PrometheusSource source = source("one", 0)) {
            BlockId second = block(source, 2);
            BlockId first = block(source, 0);
            BlockId third = block(source, 4);
            source.scan();
            assertThat(order(ShippingOrder.OLDEST_FIRST, source)).containsExactly(first, second, third);
            assertThat(order(ShippingOrder.FRESHEST_FIRST, source)).containsExactly(third, second, first);
        }
    }

    @Test
    void whatLiesOverAShippedBlockHasNoTurnWhereAStockThanosCompacts() throws IOException {
        try (PrometheusSource source = source("one", 0)) {
            block(source, 0);
            source.scan();
            source.spool().shipped(source.spool().ready().getFirst(), NOW);
            source.sealWith(Rewriter.HERE, true);
            BlockId late = block(source, 1);
            source.scan();
            source.sealWith(Rewriter.HERE, false);
            assertThat(turns(ShippingOrder.OLDEST_FIRST, source).next()).isEmpty();
            source.sealWith(Rewriter.HERE, true);
            assertThat(order(ShippingOrder.OLDEST_FIRST, source)).containsExactly(late);
        }
    }

    /// Else a run would end as if all were shipped.
    @Test
    void aBlockThatMustNotBeSentHidesNoneThatHasToSettle() throws IOException {
        try (PrometheusSource source = source("one", 0)) {
            block(source, 0);
            source.scan();
            source.spool().shipped(source.spool().ready().getFirst(), NOW);
            source.sealWith(Rewriter.HERE, true);
            BlockId late = block(source, 1);
            BlockId young = block(source, 8);
            source.scan();
            source.sealWith(Rewriter.HERE, false);
            Instant sealed = Instant.ofEpochMilli(young.timeMillis());
            Turns turns =
                    new Turns(List.of(new Lane(source, transport, false)), ShippingOrder.OLDEST_FIRST, () -> sealed);
            assertThat(turns.next()).as("%s is barred, %s settles", late, young).isEmpty();
            assertThat(turns.untilSettled()).isPositive();
        }
    }

    @Test
    void aSourceOfHigherPriorityGoesFirstWhateverTheAge() throws IOException {
        try (PrometheusSource low = source("low", -1);
                PrometheusSource high = source("high", 5)) {
            BlockId old = block(low, 0);
            BlockId young = block(high, 8);
            BlockId younger = block(high, 10);
            low.scan();
            high.scan();
            assertThat(order(ShippingOrder.OLDEST_FIRST, low, high)).containsExactly(young, younger, old);
            assertThat(order(ShippingOrder.FRESHEST_FIRST, low, high)).containsExactly(younger, young, old);
        }
    }

    @Test
    void ofEachSourceOnlyTheNewestBlockCountsAsFresh() throws IOException {
        try (PrometheusSource one = source("one", 0);
                PrometheusSource two = source("two", 0)) {
            block(one, 0);
            BlockId newestOfOne = block(one, 2);
            BlockId newestOfTwo = block(two, 0);
            one.scan();
            two.scan();
            Turns turns = turns(ShippingOrder.OLDEST_FIRST, one, two);
            List<BlockId> gone = new ArrayList<>();
            for (var next = turns.nextFreshest(); next.isPresent(); next = turns.nextFreshest()) {
                ship(next.get());
                gone.add(next.get().item().id());
            }
            assertThat(gone).containsExactlyInAnyOrder(newestOfOne, newestOfTwo);
        }
    }

    private List<BlockId> order(ShippingOrder order, PrometheusSource... sources) throws IOException {
        List<BlockId> ids = new ArrayList<>();
        List<Turns.Candidate> taken = new ArrayList<>();
        Turns turns = turns(order, sources);
        ScriptedTransport sent = transport;
        for (Optional<Turns.Candidate> next = turns.next(); next.isPresent(); next = turns.next()) {
            ids.add(next.get().item().id());
            taken.add(next.get());
            sent.ship(next.get().item());
        }
        transport = new ScriptedTransport(); // all wait again
        assertThat(taken).isNotEmpty();
        return ids;
    }

    private ScriptedTransport transport = new ScriptedTransport();

    private Turns turns(ShippingOrder order, PrometheusSource... sources) {
        List<Lane> lanes = new ArrayList<>();
        for (PrometheusSource source : sources) {
            lanes.add(new Lane(source, transport, false));
        }
        return new Turns(lanes, order, () -> NOW);
    }

    private static void ship(Turns.Candidate candidate) throws IOException {
        candidate.lane().source().spool().shipped(candidate.item(), NOW);
    }

    private PrometheusSource source(String name, int priority) throws IOException {
        Path data = dir.resolve(name);
        Files.createDirectories(data.resolve("wal"));
        SourceConfig config = new SourceConfig(
                data, Optional.empty(), new TreeMap<>(), priority, data.resolve("edgeship-spool"), new Backfill.All());
        return PrometheusSource.open(config, "site", "it", InstantSource.fixed(NOW));
    }

    /// A block of two hours from the given hour on.
    private static BlockId block(PrometheusSource source, int hour) throws IOException {
        long begin = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli() + hour * HOUR;
        long end = begin + 2 * HOUR;
        BlockId id = new BlockId(end << 16, hour);
        TestBlock.of(id, new TimeRange(begin, end))
                .series(LabelSet.ofSorted("__name__", "up"), List.of(TestChunk.of(begin, 60_000, 1, 1, 1)))
                .write(source.config().path());
        return id;
    }
}
