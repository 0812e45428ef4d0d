package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.queue.Blocks;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process with a 24 MiB heap ships a block of 64 MiB and is killed with -9, ten times.
class KillIT {
    private static final int BLOCK_BYTES = 64 << 20;
    private static final int KILLS = 10;
    private static final long SEED = 20261123;
    private static final Duration DEADLINE = Duration.ofSeconds(50);

    @TempDir
    Path dir;

    @Test
    void shipsEveryByteAndSendsNoConfirmedPartAgain() throws Exception {
        Path block = Blocks.write(dir, Blocks.A, BLOCK_BYTES);
        Path spoolDir = dir.resolve("spool");
        try (Spool spool = Spool.open(spoolDir)) {
            spool.take(Blocks.A, block);
            spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
        }
        Random random = new Random(SEED);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        int killed = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int before = log().size();
            Process shipping = start();
            while (log().size() <= before && shipping.isAlive()) {
                assertThat(System.nanoTime())
                        .as("seed %d: started to send", SEED)
                        .isLessThan(deadline);
                boolean _ = shipping.waitFor(1, TimeUnit.MILLISECONDS);
            }
            boolean ended = shipping.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
            shipping.destroyForcibly().waitFor(); // SIGKILL
            killed += ended ? 0 : 1;
            requireCommitLast(block);
        }
        assertThat(killed).as("seed %d: kills that came in time", SEED).isPositive();
        Process last = start();
        assertThat(last.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(dir.resolve("out"))).isZero();

        requireWhole(block);
        requireNoPartSentAfterItWasConfirmed();
        try (Spool spool = Spool.open(spoolDir)) {
            assertThat(spool.find(Blocks.A)).contains(Place.SHIPPED);
            assertThat(spool.holding().bytes()).isZero();
        }
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledShipping.class.getName(),
                        dir.resolve("spool").toString(),
                        dir.resolve("bucket").toString(),
                        dir.resolve("log").toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out").toFile())
                .start();
    }

    private List<String> log() throws IOException {
        Path log = dir.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private Path inBucket(String file) {
        return dir.resolve("bucket").resolve(Blocks.A.toString()).resolve(file);
    }

    private void requireCommitLast(Path block) throws IOException {
        if (Files.exists(inBucket("meta.json"))) {
            requireWhole(block);
        }
    }

    private void requireWhole(Path block) throws IOException {
        assertThat(inBucket("meta.json")).exists();
        for (String file : List.of("chunks/000001", "index")) {
            assertThat(Files.mismatch(inBucket(file), block.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    private void requireNoPartSentAfterItWasConfirmed() throws IOException {
        Set<String> confirmed = new HashSet<>();
        String sending = "";
        for (String line : log()) {
            if (line.startsWith("send")) {
                assertThat(confirmed).as("seed %d: %s", SEED, log()).doesNotContain(line);
                sending = line;
            } else if (!sending.isEmpty()) {
                confirmed.add(sending);
                sending = "";
            }
        }
        assertThat(confirmed).hasSizeGreaterThan(BLOCK_BYTES / (5 << 20) - KILLS);
    }
}
