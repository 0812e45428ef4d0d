package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.MemoryBucket;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One agent's life, killed at every step of it: A is shipped; B is quarantined, retried and shipped; C is
/// replaced by the merged D; E is quarantined and dropped. The source deletes a block as soon as the spool has it, so
/// what the spool loses is lost.
class SpoolCrashTest {
    private static final List<BlockId> ALL = List.of(Blocks.A, Blocks.B, Blocks.C, Blocks.D, Blocks.E);
    private static final List<BlockId> SHIPPED = List.of(Blocks.A, Blocks.B, Blocks.D);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    private final Steps steps = new Steps();

    /// What a person did, who does not forget it when the agent dies.
    private boolean retriedB;

    @Test
    void losesNothingAndLeavesNothingBehindWhereverItIsKilled() throws IOException {
        steps.killNever();
        Life whole = new Life("whole");
        whole.live();
        whole.requireDone("never killed");
        int stepCount = steps.count();
        assertThat(stepCount).isGreaterThan(300);

        for (int step = 1; step <= stepCount; step++) {
            Life life = new Life("killed-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            life.requireNoHalfBlockIsVisible(where);
            steps.killNever();
            life.live();
            life.requireDone(where);
            life.remove();
        }
    }

    /// A power cut also takes what was not forced: the order of the forces is what is tested here.
    @Test
    void losesNothingWhereverThePowerFails() throws IOException {
        steps.killNever();
        new Life("whole").live();
        int stepCount = steps.count();
        for (int step = 1; step <= stepCount; step += 5) {
            Life life = new Life("cut-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            steps.killNever();
            life.disk.cut(new Random(step));
            life.requireNoHalfBlockIsVisible(where);
            steps.killNever();
            life.live();
            life.requireDone(where);
            life.remove();
        }
    }

    /// A crash while the spool recovers from a crash.
    @Test
    void survivesASecondKillDuringRecovery() throws IOException {
        steps.killNever();
        new Life("whole").live();
        int stepCount = steps.count();
        for (int step = 1; step <= stepCount; step += 29) {
            Life life = new Life("killed-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            for (int again = 1; again <= 40; again += 3) {
                steps.killAt(again);
                life.liveUntilKilled();
            }
            steps.killNever();
            life.live();
            life.requireDone(where + ", then killed again and again");
            life.remove();
        }
    }

    private final class Life {
        private final Path home;
        private final Path source;
        private final PowerCutDisk disk;
        private final MemoryBucket bucket = new MemoryBucket();
        private final Map<String, byte[]> expected = new HashMap<>();

        Life(String name) throws IOException {
            home = Files.createDirectory(dir.resolve(name));
            source = Files.createDirectory(home.resolve("source"));
            retriedB = false;
            for (BlockId id : ALL) {
                Path block = Blocks.write(source, id, 1000);
                for (String file : List.of("chunks/000001", "index")) {
                    expected.put(id + "/" + file, Files.readAllBytes(block.resolve(file)));
                }
            }
            disk = new PowerCutDisk(home, steps);
        }

        String liveUntilKilled() throws IOException {
            try {
                live();
                return "not killed";
            } catch (Steps.Killed e) {
                return String.valueOf(e.getMessage());
            }
        }

        void live() throws IOException {
            Disk stepped = steps.on((Disk) disk);
            try (Spool spool = Spool.open(home.resolve("spool"), stepped, InstantSource.fixed(NOW))) {
                takeAll(spool);
                sealAll(spool);
                lookAfterQuarantine(spool);
                sealAll(spool);
                PlainTransport transport = new PlainTransport(
                        steps.on(bucket),
                        PlainConfig.DEFAULT,
                        PlainConfig.DEFAULT.sizing(() -> 0),
                        () -> 0,
                        UploadProgress.NONE,
                        stepped);
                for (Item item : spool.ready()) {
                    assertThat(transport.ship(item)).isNotInstanceOf(Outcome.Quarantine.class);
                    spool.shipped(item, NOW);
                }
            }
        }

        private void takeAll(Spool spool) throws IOException {
            for (BlockId id : ALL) {
                Path block = source.resolve(id.toString());
                if (spool.find(id).isEmpty() && Files.exists(block)) {
                    spool.take(id, block);
                }
                if (spool.find(id).isPresent() && Files.exists(block)) {
                    disk.deleteTree(block);
                }
                if (id.equals(Blocks.D) && isWaiting(spool, id)) {
                    spool.replaceParents(id, List.of(Blocks.C));
                }
            }
        }

        private boolean isWaiting(Spool spool, BlockId id) {
            Optional<Place> place = spool.find(id);
            return place.equals(Optional.of(Place.INCOMING)) || place.equals(Optional.of(Place.READY));
        }

        private void sealAll(Spool spool) throws IOException {
            for (Incoming item : spool.incoming()) {
                if (item.id().equals(Blocks.E)) {
                    spool.quarantine(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_CORRUPT));
                    continue;
                }
                spool.seal(item.id(), Blocks.sealed(item.id(), item.dir()));
                if (item.id().equals(Blocks.B) && !retriedB) {
                    spool.quarantine(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_CORRUPT));
                }
            }
        }

        private void lookAfterQuarantine(Spool spool) throws IOException {
            for (Quarantined item : spool.quarantined()) {
                assertThat(spool.losses()).contains(item.loss());
                if (item.id().equals(Blocks.E)) {
                    spool.drop(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_DROPPED));
                } else {
                    spool.retry(item.id());
                    retriedB = true;
                }
            }
        }

        /// I1: where a `meta.json` is, everything is.
        void requireNoHalfBlockIsVisible(String where) {
            for (BlockId id : ALL) {
                if (bucket.objects.containsKey(id + "/meta.json")) {
                    requireInBucket(id, where);
                }
            }
        }

        private void requireInBucket(BlockId id, String where) {
            for (String file : List.of("chunks/000001", "index")) {
                assertThat(bucket.objects.get(id + "/" + file))
                        .as("%s: %s/%s", where, id, file)
                        .isEqualTo(expected.get(id + "/" + file));
            }
        }

        void requireDone(String where) throws IOException {
            for (BlockId id : SHIPPED) {
                assertThat(bucket.objects.keySet()).as(where).contains(id + "/meta.json");
                requireInBucket(id, where);
            }
            assertThat(bucket.objects.keySet()).as(where).hasSize(3 * SHIPPED.size());
            try (Spool spool = Spool.open(home.resolve("spool"))) {
                assertThat(spool.shippedRecords())
                        .as(where)
                        .extracting(ShippedRecord::id)
                        .isEqualTo(SHIPPED);
                assertThat(spool.losses()).as(where).containsExactly(Blocks.loss(Blocks.E, Loss.Reason.REASON_DROPPED));
                assertThat(spool.holding()).as(where).isEqualTo(new Spool.Holding(0, 0));
                for (String place : List.of("incoming", "ready", "quarantine")) {
                    assertThat(home.resolve("spool").resolve(place)).as(where).isEmptyDirectory();
                }
            }
        }

        void remove() throws IOException {
            deleteTree(home);
        }
    }

    private static void deleteTree(Path path) throws IOException {
        try (Stream<Path> children = Files.walk(path)) {
            for (Path child :
                    children.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(child);
            }
        } catch (NoSuchFileException _) {
            return; // was deleted before
        }
    }
}
