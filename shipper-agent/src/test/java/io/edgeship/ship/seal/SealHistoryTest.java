package io.edgeship.ship.seal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Random histories of blocks that come in any order and overlap, are sealed in any order and sent at any time:
/// whatever is decided, each sample is sent once, or its block is held.
class SealHistoryTest {
    private static final int HISTORIES = Integer.getInteger("edgeship.histories", 2000);
    private static final long SEED = Long.getLong("edgeship.seed", 1);
    private static final int WINDOWS = 4;
    private static final int WINDOW = 100;
    private static final int STEPS = 25;

    @Test
    void eachSampleIsSentOnceOrHeld() {
        for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
            new History(seed).live();
        }
    }

    /// @param source the block that the site made of it first
    private record Sample(long time, BlockId source) {}

    private record Stored(WaitingBlock facts, Set<Sample> samples, boolean sealed) {}

    private static final class History {
        private final Random random;
        private final String where;
        private final boolean mergesLate;
        private final Map<BlockId, Stored> waiting = new HashMap<>();
        private final List<ShippedWindow> shipped = new ArrayList<>();
        private final List<Sample> sent = new ArrayList<>();
        private final Set<Sample> all = new HashSet<>();
        private final Map<BlockId, List<ShippedWindow>> nothingIn = new HashMap<>();
        private int names;

        History(long seed) {
            random = new Random(seed);
            random.nextLong(); // the first of seeds near one another are alike
            mergesLate = random.nextBoolean();
            where = "-Dedgeship.seed=%d -Dedgeship.histories=1, centre merges late: %s".formatted(seed, mergesLate);
        }

        void live() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> cut();
                    case 1 -> restart();
                    case 2 -> seal(random.nextInt(3 * WINDOWS * WINDOW));
                    default -> send(random.nextInt(3));
                }
            }
            for (int round = 0; round < STEPS; round++) {
                seal(Integer.MAX_VALUE);
                send(Integer.MAX_VALUE);
            }
            Set<Sample> accounted = new HashSet<>(sent);
            waiting.values().forEach(block -> accounted.addAll(block.samples()));
            assertThat(accounted).as("%s: sent or held", where).isEqualTo(all);
            assertThat(sent).as("%s: sent once", where).doesNotHaveDuplicates();
            if (!mergesLate) {
                requireApart();
            }
        }

        /// What is known only in memory is learnt again.
        private void restart() {
            nothingIn.clear();
        }

        /// Prometheus writes a block: of a window, of what came late for it, or of several windows in part.
        private void cut() {
            long begin = (long) random.nextInt(WINDOWS) * WINDOW;
            boolean extra = random.nextInt(3) == 0;
            long from = begin + (random.nextInt(4) == 0 ? random.nextInt(WINDOW / 2) : 0);
            long until = begin + WINDOW + (random.nextInt(5) == 0 ? WINDOW / 2 : 0);
            BlockId id = name();
            Set<Sample> samples = new HashSet<>();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                samples.add(new Sample(from + random.nextLong(until - from), id));
            }
            all.addAll(samples);
            add(id, new TimeRange(from, until), extra, Set.of(id), samples);
        }

        private BlockId name() {
            return new BlockId(1, ++names);
        }

        private void add(BlockId id, TimeRange range, boolean extra, Set<BlockId> origins, Set<Sample> samples) {
            Flaw flaw = random.nextInt(6) == 0 && origins.contains(id)
                    ? new Flaw.Mendable("deleted samples")
                    : new Flaw.None();
            WaitingBlock facts = new WaitingBlock(id, range, extra, origins, Map.of(), true, false, true, flaw);
            waiting.put(id, new Stored(facts, samples, false));
        }

        private void seal(int now) {
            List<BlockId> turn = new ArrayList<>(waiting.keySet());
            turn.sort(null);
            Collections.shuffle(turn, random);
            for (BlockId id : turn) {
                Stored block = waiting.get(id);
                if (block != null && !block.sealed()) {
                    carryOut(block, decide(block.facts(), now));
                }
            }
        }

        private SealPlan decide(WaitingBlock block, int now) {
            List<WaitingBlock> facts =
                    waiting.values().stream().map(Stored::facts).toList();
            List<ShippedWindow> covered = Stream.concat(
                            shipped.stream(), nothingIn.getOrDefault(block.id(), List.of()).stream())
                    .toList();
            return SealDecision.decide(
                    block, facts, covered, new SealDecision.Rules(mergesLate, Instant.ofEpochMilli(now)));
        }

        private void carryOut(Stored block, SealPlan plan) {
            switch (plan) {
                case SealPlan.Plain _, SealPlan.Late _ ->
                    waiting.put(block.facts().id(), new Stored(block.facts(), block.samples(), true));
                case SealPlan.Wait _, SealPlan.Hold _ -> {}
                case SealPlan.Nothing _ -> waiting.remove(block.facts().id());
                case SealPlan.Rewrite rewrite -> writeAnew(rewrite);
            }
        }

        private void writeAnew(SealPlan.Rewrite plan) {
            Set<Sample> samples = new HashSet<>();
            long minTime = Long.MAX_VALUE;
            long maxTime = Long.MIN_VALUE;
            for (BlockId source : plan.sources()) {
                Stored stored = requireNonNull(waiting.get(source), "a plan names only blocks that wait");
                samples.addAll(stored.samples());
                minTime = Math.min(minTime, stored.facts().range().minTime());
                maxTime = Math.max(maxTime, stored.facts().range().maxTime());
            }
            TimeRange range = plan.keep().orElse(new TimeRange(minTime, maxTime));
            samples.removeIf(sample -> sample.time() < range.minTime() || sample.time() >= range.maxTime());
            plan.parents().forEach(waiting::remove);
            if (samples.isEmpty()) {
                plan.sources()
                        .forEach(source -> nothingIn
                                .computeIfAbsent(source, _ -> new ArrayList<>())
                                .add(new ShippedWindow(range, Set.of())));
            } else {
                add(name(), range, false, Set.copyOf(plan.origins()), samples);
            }
        }

        private void send(int atMost) {
            List<Stored> ready = waiting.values().stream()
                    .filter(Stored::sealed)
                    .sorted(Comparator.comparing(block -> block.facts().id()))
                    .limit(atMost)
                    .toList();
            for (Stored block : ready) {
                if (mergesLate || isApart(block.facts().range())) {
                    sent.addAll(block.samples());
                    shipped.add(new ShippedWindow(
                            block.facts().range(), block.facts().origins()));
                    waiting.remove(block.facts().id());
                }
            }
        }

        /// The last look before a block is sent to a stock Thanos.
        private boolean isApart(TimeRange range) {
            return shipped.stream().noneMatch(window -> window.range().overlaps(range));
        }

        private void requireApart() {
            for (ShippedWindow one : shipped) {
                // A window overlaps itself, so one is what each finds when all lie apart.
                assertThat(shipped.stream().filter(other -> other.range().overlaps(one.range())))
                        .as("%s: over %s", where, one)
                        .hasSize(1);
            }
        }
    }
}
