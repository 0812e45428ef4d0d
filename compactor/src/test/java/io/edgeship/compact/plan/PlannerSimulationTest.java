package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.SiteReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sites live for weeks, with gaps, outages, late and repeated blocks, and the compactor plans all the while.
class PlannerSimulationTest {
    private static final long BEGIN = 490_000 / 336 * 336; // hours; where a window of 14 days begins
    private static final long HOURS = 5 * 7 * 24;
    private static final long STEP = 12;

    private record Arrival(long hour, BucketBlock block) {}

    private final PlanRules rules = PlanRules.defaults("site", 4L << 30);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothingIsLostAndEachSourceEndsInOneBlockOfEachResolution(long seed) {
        List<Arrival> arrivals = arrivals(new Random(seed));
        SymbolicBucket bucket = live(arrivals, "seed " + seed);
        bucket.settle((BEGIN + 3 * HOURS) * HOUR, List.of());

        Set<BlockId> expected = new HashSet<>();
        arrivals.forEach(arrival -> expected.add(arrival.block().meta().id()));
        for (long resolution : Sieve.RESOLUTIONS) {
            List<BlockId> held = bucket.blocks().stream()
                    .filter(block -> block.resolutionMillis() == resolution)
                    .flatMap(block -> block.sources().stream())
                    .toList();
            assertThat(held).as("seed %d, resolution %d", seed, resolution).hasSize(expected.size());
            assertThat(new HashSet<>(held))
                    .as("seed %d, resolution %d", seed, resolution)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void inWhateverOrderBlocksArriveTheEndIsTheSame(long seed) {
        List<Arrival> arrivals = arrivals(new Random(seed));
        SymbolicBucket lived = live(arrivals, "seed " + seed);
        lived.settle((BEGIN + 3 * HOURS) * HOUR, List.of());

        List<BucketBlock> blocks = new ArrayList<>();
        arrivals.forEach(arrival -> blocks.add(arrival.block()));
        Collections.shuffle(blocks, new Random(seed + 100));
        SymbolicBucket shuffled = new SymbolicBucket(rules, "shuffled, seed " + seed);
        for (int i = 0; i < blocks.size(); i++) {
            shuffled.add(blocks.get(i));
            if (i % 200 == 0) {
                shuffled.settle((BEGIN + 3 * HOURS) * HOUR, List.of());
            }
        }
        shuffled.settle((BEGIN + 3 * HOURS) * HOUR, List.of());
        SymbolicBucket atOnce = new SymbolicBucket(rules, "at once, seed " + seed);
        blocks.forEach(atOnce::add);
        atOnce.settle((BEGIN + 3 * HOURS) * HOUR, List.of());

        assertThat(shuffled.content()).as("seed %d", seed).isEqualTo(lived.content());
        assertThat(atOnce.content()).as("seed %d", seed).isEqualTo(lived.content());
    }

    private SymbolicBucket live(List<Arrival> arrivals, String name) {
        SymbolicBucket bucket = new SymbolicBucket(rules, name);
        int next = 0;
        for (long hour = BEGIN; hour < BEGIN + HOURS + 30 * 24; hour += STEP) {
            while (next < arrivals.size() && arrivals.get(next).hour() <= hour) {
                bucket.add(arrivals.get(next++).block());
            }
            bucket.settle(hour * HOUR, reports(arrivals.subList(next, arrivals.size()), hour));
            assertLiveBlocks(bucket, hour, name);
        }
        arrivals.subList(next, arrivals.size()).forEach(late -> bucket.add(late.block()));
        return bucket;
    }

    /// The bound that readers live by, where all arrives in time.
    private static void assertLiveBlocks(SymbolicBucket bucket, long hour, String name) {
        long prompt = bucket.blocks().stream()
                .filter(block -> "prompt".equals(block.labels().get("site")) && block.resolutionMillis() == 0)
                .count();
        assertThat(prompt).as("%s, hour %d", name, hour - BEGIN).isLessThanOrEqualTo(40);
    }

    private static List<SiteReport> reports(List<Arrival> coming, long hour) {
        Map<String, List<BlockId>> owed = new HashMap<>();
        owed.put("prompt", new ArrayList<>());
        owed.put("offline", new ArrayList<>());
        for (Arrival arrival : coming) {
            BucketBlock block = arrival.block();
            List<BlockId> ofSite = owed.get(block.labels().get("site"));
            if (ofSite != null && block.meta().range().maxTime() <= (hour - 1) * HOUR) {
                ofSite.add(block.meta().id());
            }
        }
        List<SiteReport> reports = new ArrayList<>();
        owed.forEach((site, blocks) -> reports.add(
                new SiteReport(site, "i", hour * HOUR, true, blocks.size(), 0, blocks, 0, 0, Set.of(), 0, "", 0)));
        return reports;
    }

    private static List<Arrival> arrivals(Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        for (String site : List.of("prompt", "offline", "gaps", "silent", "daytime")) {
            long offlineFrom = BEGIN + random.nextLong(HOURS / 2);
            long offlineFor = 24 + random.nextLong(30 * 24);
            for (long hour = BEGIN; hour < BEGIN + HOURS; hour += 2) {
                boolean isOff = hour >= offlineFrom && hour < offlineFrom + offlineFor;
                boolean isNight = hour % 24 >= 8;
                if ((site.equals("gaps") && random.nextInt(10) == 0) || (site.equals("daytime") && isNight)) {
                    continue;
                }
                long arrives = hour + 3;
                if (isOff && (site.equals("offline") || site.equals("silent"))) {
                    arrives = offlineFrom + offlineFor + random.nextInt(100);
                }
                add(arrivals, TestBlock.of(site, hour, hour + 2), arrives);
                if (random.nextInt(20) == 0 && !site.equals("prompt")) {
                    TestBlock outOfOrder =
                            TestBlock.of(site, hour, hour + 2).number(1).hint("from-out-of-order");
                    add(arrivals, outOfOrder, arrives + random.nextInt(48));
                }
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::hour));
        return arrivals;
    }

    private static void add(List<Arrival> arrivals, TestBlock block, long hour) {
        arrivals.add(new Arrival(hour, block.arrived(hour).get()));
    }
}
