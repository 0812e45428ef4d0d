package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that writes blocks anew, killed at every step of it: G, which is sealed, and H, which is not, become F;
/// of J nothing is left. The source deletes a block as soon as the spool has it, and the ULID of the new block comes
/// before and after those of its parents.
class RewrittenCrashTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<BlockId> TAKEN = List.of(Blocks.G, Blocks.H, Blocks.J);

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    private final Steps steps = new Steps();

    @Test
    void itIsThereWholeInThePlaceOfItsParentsOrTheyAreWhereverTheAgentIsKilled() throws IOException {
        for (BlockId anew : List.of(Blocks.F, Blocks.NEWER)) {
            int stepCount = stepsOf(anew);
            assertThat(stepCount).isGreaterThan(100);
            for (int step = 1; step <= stepCount; step += anew.equals(Blocks.F) ? 1 : 5) {
                Life life = new Life("killed-%s-%d".formatted(anew, step), anew);
                steps.killAt(step);
                String where = life.liveUntilKilled();
                steps.killNever();
                life.live();
                life.requireDone(where);
                life.remove();
            }
        }
    }

    @Test
    void norDoesAPowerCutLeaveBothOrNone() throws IOException {
        int stepCount = stepsOf(Blocks.F);
        for (int step = 1; step <= stepCount; step += 3) {
            Life life = new Life("cut-" + step, Blocks.F);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            steps.killNever();
            life.disk.cut(new Random(step));
            steps.killNever();
            life.live();
            life.requireDone(where + ", power cut of seed " + step);
            life.remove();
        }
    }

    @Test
    void norDoesASecondKillDuringRecovery() throws IOException {
        int stepCount = stepsOf(Blocks.F);
        for (int step = 1; step <= stepCount; step += 29) {
            Life life = new Life("killed-" + step, Blocks.F);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            for (int again = 1; again <= 30; again += 3) {
                steps.killAt(again);
                life.liveUntilKilled();
            }
            steps.killNever();
            life.live();
            life.requireDone(where + ", then killed again and again");
            life.remove();
        }
    }

    private int stepsOf(BlockId anew) throws IOException {
        steps.killNever();
        Life whole = new Life("whole-" + anew, anew);
        whole.live();
        whole.requireDone("never killed");
        return steps.count();
    }

    private final class Life {
        private final Path home;
        private final Path source;
        private final PowerCutDisk disk;
        private final BlockId anew;

        Life(String name, BlockId anew) throws IOException {
            this.anew = anew;
            home = Files.createDirectory(dir.resolve(name));
            source = Files.createDirectory(home.resolve("source"));
            for (BlockId id : TAKEN) {
                Blocks.write(source, id, 100);
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
                for (BlockId id : TAKEN) {
                    take(spool, id);
                }
                writeAnew(spool);
                for (Incoming item : spool.incoming()) {
                    spool.seal(item.id(), Blocks.sealed(item.id(), item.dir()));
                }
                for (Item item : spool.ready()) {
                    spool.shipped(item, NOW);
                }
            }
        }

        private void take(Spool spool, BlockId id) throws IOException {
            Path block = source.resolve(id.toString());
            if (spool.find(id).isEmpty() && Files.exists(block)) {
                spool.take(id, block);
            }
            if (spool.find(id).isPresent() && Files.exists(block)) {
                disk.deleteTree(block);
            }
        }

        private void writeAnew(Spool spool) throws IOException {
            if (spool.find(Blocks.G).equals(Optional.of(Place.INCOMING))) {
                Path g = spool.dir().resolve("incoming").resolve(Blocks.G.toString());
                spool.seal(Blocks.G, Blocks.sealed(Blocks.G, g));
            }
            if (isWaiting(spool, Blocks.G)) {
                assertThat(isWaiting(spool, Blocks.H)).as("both wait").isTrue();
                assertThat(spool.find(anew)).as("the new one").isEmpty();
                assertThat(spool.workshop()).isEmptyDirectory();
                Path block = Blocks.write(spool.workshop(), anew, 200);
                disk.adopt(block);
                spool.takeRewritten(block, List.of(Blocks.G, Blocks.H), List.of(Blocks.G, Blocks.H));
            }
            assertThat(isWaiting(spool, Blocks.H)).as("both went").isFalse();
            if (isWaiting(spool, Blocks.J)) {
                spool.nothingLeft(List.of(Blocks.J));
            }
        }

        private static boolean isWaiting(Spool spool, BlockId id) {
            Optional<Place> place = spool.find(id);
            return place.equals(Optional.of(Place.INCOMING)) || place.equals(Optional.of(Place.READY));
        }

        void requireDone(String where) throws IOException {
            try (Spool spool = Spool.open(home.resolve("spool"))) {
                assertThat(spool.shippedRecords())
                        .as(where)
                        .extracting(ShippedRecord::id)
                        .containsExactlyInAnyOrder(anew, Blocks.J);
                for (ShippedRecord record : spool.shippedRecords()) {
                    boolean isAnew = record.id().equals(anew);
                    assertThat(record.sources())
                            .as(where)
                            .isEqualTo(isAnew ? List.of(Blocks.G, Blocks.H) : List.of(Blocks.J));
                    assertThat(record.range().maxTime() == 0).as(where).isEqualTo(!isAnew);
                }
                assertThat(spool.losses()).as(where).isEmpty();
                for (String place : List.of("incoming", "ready", "quarantine", "workshop")) {
                    assertThat(home.resolve("spool").resolve(place)).as(where).isEmptyDirectory();
                }
            }
        }

        void remove() throws IOException {
            deleteTree(home);
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
