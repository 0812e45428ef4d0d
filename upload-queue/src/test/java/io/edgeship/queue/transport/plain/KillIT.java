package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes with a 24 MiB heap are killed with -9, 50 times together; `-Dedgeship.kills=1000` kills more.
class KillIT {
    private static final int BLOCK_BYTES = 64 << 20;
    private static final int KILLS = 10;
    private static final int LIFE_KILLS = Integer.getInteger("edgeship.kills", 50) - KILLS;
    private static final int LIFE_BLOCKS = 9;
    private static final int LIFE_BLOCK_BYTES = 1 << 20;
    private static final long SEED = 20261123;
    private static final Duration DEADLINE = Duration.ofSeconds(50);

    @TempDir(factory = MemoryDirectory.class)
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

    /// The kills come at any moment between the process's first step and its last: the time that a whole life takes is
    /// measured, and what is left of the work is refilled.
    @Test
    void everyBlockIsDeliveredOnceOrOnRecordAsLostWheneverTheAgentIsKilled() throws Exception {
        Path source = Files.createDirectories(dir.resolve("source"));
        Random random = new Random(SEED);
        Map<BlockId, byte[]> all = new HashMap<>();
        cut(source, all);
        long began = System.nanoTime();
        assertThat(startLife().waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        int lifeMillis = (int) Duration.ofNanos(System.nanoTime() - began).toMillis();
        int killed = 0;
        for (int tries = 0; killed < LIFE_KILLS; tries++) {
            assertThat(tries).as("seed %d: kills that come in time", SEED).isLessThan(4 * LIFE_KILLS);
            if (isEmpty(source) && isEmpty(dir.resolve("spool/ready")) && isEmpty(dir.resolve("spool/incoming"))) {
                cut(source, all);
            }
            Process life = startLife();
            boolean ended = life.waitFor(lifeMillis / 4 + random.nextInt(lifeMillis), TimeUnit.MILLISECONDS);
            life.destroyForcibly().waitFor(); // SIGKILL
            killed += ended ? 0 : 1;
        }
        Process last = startLife();
        assertThat(last.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(dir.resolve("out"))).isZero();
        requireDeliveredOrLost(all);
    }

    private void cut(Path source, Map<BlockId, byte[]> all) throws IOException {
        for (int i = 0; i < LIFE_BLOCKS; i++) {
            BlockId id = BlockId.parse("01J00000000000000000%06d".formatted(all.size()));
            Path block = Blocks.write(source, id, LIFE_BLOCK_BYTES + i);
            all.put(id, sha256(block.resolve("chunks/000001")));
        }
    }

    private void requireDeliveredOrLost(Map<BlockId, byte[]> all) throws IOException {
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            assertThat(spool.holding().bytes()).isZero();
            assertThat(spool.losses())
                    .extracting(Loss::getUlid)
                    .containsExactlyInAnyOrderElementsOf(all.keySet().stream()
                            .filter(KilledLife::isEvicted)
                            .map(BlockId::toString)
                            .toList());
        }
        for (Map.Entry<BlockId, byte[]> block : all.entrySet()) {
            Path there = dir.resolve("bucket").resolve(block.getKey().toString());
            assertThat(Files.exists(there.resolve("meta.json")))
                    .as("seed %d: %s", SEED, block.getKey())
                    .isEqualTo(!KilledLife.isEvicted(block.getKey()));
            if (Files.exists(there.resolve("meta.json"))) {
                assertThat(sha256(there.resolve("chunks/000001"))).isEqualTo(block.getValue());
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        return DurableFiles.children(directory).isEmpty();
    }

    private static byte[] sha256(Path file) throws IOException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Process startLife() throws IOException {
        return start(KilledLife.class, dir.resolve("source"), dir.resolve("spool"), dir.resolve("bucket"));
    }

    private Process start() throws IOException {
        return start(KilledShipping.class, dir.resolve("spool"), dir.resolve("bucket"), dir.resolve("log"));
    }

    private Process start(Class<?> main, Path... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        Arrays.stream(arguments).map(Path::toString).forEach(command::add);
        return new ProcessBuilder(command)
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
