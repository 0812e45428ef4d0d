package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.compact.intake.Intake;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/// One life of a site, decided by a seed: a model of Prometheus, an agent that is killed and down at times, a machine
/// whose clock steps, a link that comes and goes, and the centre's intake.
final class Scenario implements AutoCloseable {
    private static final int TURNS = 60;

    /// A block that comes out of order waits for its window for a day at most.
    private static final int TURNS_TO_SETTLE = 80;

    private static final Duration SETTLING = Duration.ofMinutes(45);

    private final Path home;
    private final Random random;
    private final String where;
    private final SimulatedTime time = new SimulatedTime(Instant.parse("2026-03-04T05:06:07Z"));
    private Duration clockIsOff = Duration.ZERO;
    private final InstantSource machine = () -> time.instant().plus(clockIsOff);
    private final MemoryBucket store = new MemoryBucket(() -> time.instant().truncatedTo(ChronoUnit.SECONDS));
    private final MeddlingBucket link;
    private final ScenarioSite.Setup setup;
    private final ScenarioSite site;
    private final ModelPrometheus prometheus;
    private final boolean clockMayLeap;
    private BucketSync sync;
    private Intake intake;
    private int downFor;
    private boolean agentIsAtWork;

    /// What became of the samples, of one or of many scenarios.
    ///
    /// @param had       that an agent could take and nobody deleted
    /// @param neverSeen went before an agent could take them
    record Outcome(long had, long shipped, long held, long lost, long neverSeen, long blocks) {
        static final Outcome NONE = new Outcome(0, 0, 0, 0, 0, 0);

        Outcome plus(Outcome other) {
            return new Outcome(
                    had + other.had,
                    shipped + other.shipped,
                    held + other.held,
                    lost + other.lost,
                    neverSeen + other.neverSeen,
                    blocks + other.blocks);
        }
    }

    Scenario(Path home, long seed) throws IOException {
        this.home = home;
        random = new Random(seed);
        random.nextLong(); // the first of seeds near one another are alike
        setup = ScenarioSite.Setup.draw(random, new Random(seed));
        ModelPrometheus.Habits habits = new ModelPrometheus.Habits(
                random.nextInt(4) > 0,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? random.nextInt(3, 12) : 30);
        clockMayLeap = random.nextInt(3) == 0;
        if (clockMayLeap && random.nextBoolean()) {
            clockIsOff = years(-1);
        }
        where = "seed %d, %s, %s, clock %s".formatted(seed, setup, habits, clockMayLeap ? "leaps" : "errs");
        link = new MeddlingBucket(store, random);
        Path dataDir = Files.createDirectories(home.resolve("data"));
        site = new ScenarioSite(dataDir, setup, link, time, machine, random, this::blockIsLinked);
        prometheus = new ModelPrometheus(dataDir, random, habits, this::amid);
        startCentre();
    }

    private void startCentre() {
        sync = new BucketSync(link);
        intake = new Intake(link, new IntakeConfig(true, Duration.ofDays(90), 64 << 20, "site"), link::clock);
    }

    Outcome run() throws IOException {
        for (int turn = 0; turn < TURNS; turn++) {
            turn();
        }
        settle();
        return new ScenarioEnd(home, where, setup, store, site.source(), prometheus.blocks()).judge();
    }

    private void turn() throws IOException {
        time.pass(Duration.ofMinutes(random.nextInt(10, 70)));
        stepClock();
        prometheus.scrapeUntil(machine.millis());
        if (random.nextInt(25) == 0) {
            prometheus.cutAgain(machine.millis());
        }
        prometheus.compact(machine.millis());
        if (random.nextInt(12) == 0) {
            prometheus.deleteSome();
        }
        if (random.nextInt(10) == 0) {
            site.link(random.nextBoolean());
        }
        if (random.nextInt(12) == 0) {
            site.kill();
            downFor = random.nextInt(6);
        }
        if (downFor > 0) {
            downFor--;
            return;
        }
        live();
    }

    private void stepClock() throws IOException {
        if (random.nextInt(15) == 0) {
            clockIsOff = Duration.ofMinutes(random.nextInt(-240, 240));
        }
        if (clockMayLeap && random.nextInt(20) == 0) {
            clockIsOff = years(random.nextBoolean() ? 1 : -1);
        }
        if (random.nextInt(3) > 0) {
            prometheus.forgetFuture(machine.millis());
        }
    }

    private Duration years(int sign) {
        return Duration.ofDays(sign * random.nextLong(300, 3000));
    }

    private void live() throws IOException {
        agentIsAtWork = true;
        prometheus.blocks().agentLooks();
        if (site.scan()) {
            prometheus.blocks().agentHasSeen();
        }
        site.ship();
        if (setup.inbox()) {
            takeIn();
            site.ship();
        }
        agentIsAtWork = false;
    }

    /// Retention may take a block just then.
    private void blockIsLinked(BlockId id) throws IOException {
        if (downFor == 0 && random.nextInt(150) == 0) {
            prometheus.vanish(id);
        }
    }

    /// While Prometheus changes its directory the agent looks at it.
    private void amid() throws IOException {
        if (downFor == 0 && !agentIsAtWork && random.nextInt(3) == 0) {
            time.pass(Duration.ofSeconds(random.nextInt(100)));
            live();
        }
    }

    private void takeIn() throws IOException {
        try {
            InboxListing listing = new InboxListing();
            intake.run(listing, sync.sync(listing::listed), true);
        } catch (BucketException.Unavailable _) {
            return; // the next cycle tries again
        } catch (MeddlingBucket.Killed _) {
            startCentre();
        }
    }

    /// No more trouble: all that Prometheus has becomes blocks, and the agent works until nothing is left.
    private void settle() throws IOException {
        site.calmDown();
        downFor = 0;
        if (clockMayLeap) {
            clockIsOff = Duration.ZERO;
        }
        while (link.isAnythingLate()) {
            link.arriveLate();
        }
        prometheus.flush(machine.millis());
        for (int turn = 0; turn < TURNS_TO_SETTLE; turn++) {
            time.pass(SETTLING);
            live();
            if (turn > 0 && site.isDone()) {
                return;
            }
        }
        throw new AssertionError("%s: never done: waiting %s, held %s, ready %s"
                .formatted(
                        where,
                        site.source().waiting(),
                        site.source().held(),
                        site.source().spool().ready()));
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        site.close();
    }
}
