package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole lives of agents, in which the power fails, or the process is killed, again and again: before, in the midst
/// of and after any change to the disk or request to the bucket, in recovery too. `-Dedgeship.crash.points=100000`
/// tries more.
class PowerCutTest {
    private static final int POINTS = Integer.getInteger("edgeship.crash.points", 1000);
    private static final long SEED = Long.getLong("edgeship.crash.seed", 20_261_125);

    /// A life that is never left in peace has no end.
    private static final int CRASHES_MAX = 60;

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    @Test
    void everyByteIsDeliveredOnceOrOnRecordAsLostWhereverThePowerFails() throws IOException {
        int points = 0;
        for (long seed = SEED; points < POINTS; seed++) {
            int crashes = new Life(seed).run();
            assertThat(crashes).as("seed %d", seed).isPositive();
            points += crashes;
        }
    }

    private final class Life {
        private final Steps steps = new Steps();
        private final Path home;
        private final Random random;
        private final AgentLife agent;
        private final PowerCutDisk disk;
        private String where;

        Life(long seed) throws IOException {
            where = "-Dedgeship.crash.seed=" + seed;
            random = new Random(seed);
            home = Files.createDirectories(dir.resolve("life-" + seed));
            agent = new AgentLife(home, seed, steps);
            disk = new PowerCutDisk(home, steps);
        }

        int run() throws IOException {
            int crashes = 0;
            while (liveUntilKilled(crashes)) {
                crashes++;
            }
            agent.requireDone(where);
            disk.deleteTree(home.resolve("spool"));
            return crashes;
        }

        private boolean liveUntilKilled(int crashes) throws IOException {
            steps.killNever();
            if (crashes < CRASHES_MAX) {
                steps.killAt(1 + random.nextInt(random.nextBoolean() ? 40 : 250));
            }
            Disk stepped = steps.on((Disk) disk);
            try (Spool spool = agent.open(stepped)) {
                agent.live(spool, stepped, disk::deleteTree);
                return false;
            } catch (Steps.Killed e) {
                boolean power = random.nextInt(4) > 0;
                where += "; %s at %s".formatted(power ? "power cut" : "kill", e.getMessage());
                if (power) {
                    disk.cut(random);
                } else {
                    disk.kill(random);
                }
                agent.requireNothingForged(where);
                return true;
            }
        }
    }
}
