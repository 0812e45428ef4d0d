package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.chaos.Which;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agent and compactor are killed with -9 at random while items travel through the inbox; behind their backs pieces are
/// deleted, and requests come twice or late. At the end every block is there once, equal to the byte.
///
/// `-Dedgeship.kills=500` kills more often.
class KilledTransportIT {
    private static final int KILLS = Integer.getInteger("edgeship.kills", 30);
    private static final long SEED = Long.getLong("edgeship.seed", 20261125);
    private static final Duration TO_THE_KILL = Duration.ofMillis(2500);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int MIB = 1 << 20;

    /// Slow enough for a kill to hit the middle of a block.
    private static final Faults LINK = Faults.seeded(SEED)
            .with(
                    new Fault.Throttle(2 * MIB),
                    new Fault.Duplicate(Which.share(0.2).method("PUT"), 12),
                    new Fault.Late(Which.share(0.05).method("PUT"), 12));

    private static final Faults CALM = Faults.seeded(SEED).with(new Fault.Throttle(2 * MIB));

    private final Random random = new Random(SEED);
    private int agentKills;
    private int centreKills;
    private int killsInTheMiddle;
    private int deleted;

    @TempDir
    private Path dir;

    @Test
    void everyBlockArrivesOnceAndEqual() throws Exception {
        try (FlakySite site = FlakySite.open(dir, "inbox", LINK)) {
            Children children = new Children(site.agent(), site.centre());
            while (agentKills + centreKills < KILLS) {
                if (site.shipped() == site.blockCount()) {
                    site.addBlock(MIB + random.nextInt(2 * MIB));
                }
                children = killOneOrBoth(site, children);
                deletePieceBehindTheirBacks(site);
            }
            site.link().change(CALM); // what is kept back now would wait for requests that nobody makes any more
            site.link().cut(); // connections that are open keep the old faults
            site.link().deliverLate();
            site.awaitAllShipped(children.agent(), LIMIT);
            children.close();
            System.out.printf(
                    "seed %d: %d kills of the agent, %d of the compactor, %d with a block under way, %d pieces deleted, %d blocks, %s%n",
                    SEED, agentKills, centreKills, killsInTheMiddle, deleted, site.blockCount(), site.link());
            assertThat(killsInTheMiddle)
                    .as("seed %d: kills in the middle", SEED)
                    .isGreaterThan(KILLS / 4);
            assertThat(site.link().counts().late()).as("late, %s", site.link()).isPositive();
            site.assertEverythingArrivedOnce();
        }
    }

    private record Children(Child agent, Child centre) implements AutoCloseable {
        @Override
        public void close() {
            agent.close();
            centre.close();
        }
    }

    /// After a number of bytes that chance gives, or a while: much that can be killed sends nothing.
    private Children killOneOrBoth(FlakySite site, Children children) throws Exception {
        long until = site.link().sentBytes() + random.nextInt(MIB);
        boolean _ = Deadline.in(TO_THE_KILL).reached(() -> site.link().sentBytes() >= until);
        int who = random.nextInt(10);
        killsInTheMiddle += site.shipped() < site.blockCount() ? 1 : 0;
        Child agent = children.agent();
        Child centre = children.centre();
        assertThat(agent.isAlive()).as("seed %d: %s", SEED, agent.output()).isTrue();
        assertThat(centre.isAlive()).as("seed %d: %s", SEED, centre.output()).isTrue();
        if (who != 0) { // mostly the agent, as power fails at sites
            agent.kill();
            agentKills++;
            agent = site.agent();
        }
        if (who < 3) {
            centre.kill();
            centreKills++;
            centre = site.centre();
        }
        return new Children(agent, centre);
    }

    private void deletePieceBehindTheirBacks(FlakySite site) throws IOException {
        if (random.nextInt(3) > 0) {
            return;
        }
        List<String> pieces = site.bucket().list(BucketLayout.INBOX, null, null, ListPage.KEYS_MAX).objects().stream()
                .map(ObjectInfo::key)
                .filter(key -> PieceName.tryParse(key.substring(key.lastIndexOf('/') + 1))
                        .isPresent())
                .toList();
        if (!pieces.isEmpty()) {
            site.bucket().delete(pieces.get(random.nextInt(pieces.size())));
            deleted++;
        }
    }
}
