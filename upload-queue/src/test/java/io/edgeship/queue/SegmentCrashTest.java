package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A segment of three chunks: the source deletes the first as soon as it is linked, the second turns out to be
/// torn after the segment was sealed and leaves it, the third before. Wherever the process is killed, the power
/// fails or the disk has no room, the first arrives once and whole, and the others are where they were.
class SegmentCrashTest {
    private static final BlockId ID = BlockId.parse("01J00000000000000000000SEG");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final byte[] HEAD = "head of ".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> CHUNKS = List.of("deleted", "torn-later", "torn-before");

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    private final Steps steps = new Steps();

    @Test
    void theChunkArrivesWhereverTheAgentIsKilled() throws IOException {
        int stepCount = stepsOfALife();
        assertThat(stepCount).isGreaterThan(80);
        for (int step = 1; step <= stepCount; step++) {
            Life life = new Life("killed-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled();
            life.requireEveryByte(where);
            steps.killNever();
            life.live();
            life.requireDone(where);
        }
    }

    @Test
    void soItDoesWhereverThePowerFails() throws IOException {
        int stepCount = stepsOfALife();
        for (int seed = 0; seed < 3; seed++) {
            for (int step = 1; step <= stepCount; step++) {
                Life life = new Life("cut-%d-%d".formatted(seed, step));
                steps.killAt(step);
                String where = "%s, power cut of seed %d".formatted(life.liveUntilKilled(), seed);
                steps.killNever();
                life.disk.cut(new Random(seed));
                life.requireEveryByte(where);
                life.live();
                life.requireDone(where);
            }
        }
    }

    @Test
    void soItDoesWhicheverCallsFindNoRoom() throws IOException {
        steps.killNever();
        Life counted = new Life("counted");
        FullDisk none = new FullDisk(counted.disk);
        counted.liveOn(none.disk());
        assertThat(none.calls()).isGreaterThan(40);
        for (int call = 1; call <= none.calls(); call++) {
            for (int count = 1; count <= 3; count++) {
                Life life = new Life("full-%d-%d".formatted(call, count));
                FullDisk full = new FullDisk(life.disk);
                full.fullFrom(call, count);
                String where = "no room for calls %d to %d".formatted(call, call + count - 1);
                life.liveUntilThereIsRoom(full.disk(), where);
                life.requireDone(where);
            }
        }
    }

    private int stepsOfALife() throws IOException {
        steps.killNever();
        Life whole = new Life("whole");
        whole.live();
        whole.requireDone("never killed");
        return steps.count();
    }

    private final class Life {
        private final Path home;
        private final Path source;
        private final PowerCutDisk disk;
        private final Map<String, byte[]> delivered = new TreeMap<>();

        Life(String name) throws IOException {
            home = Files.createDirectory(dir.resolve(name));
            source = Files.createDirectory(home.resolve("source"));
            for (String chunk : CHUNKS) {
                Files.write(source.resolve(chunk), bytes(chunk));
            }
            disk = new PowerCutDisk(home, steps);
        }

        private static byte[] bytes(String chunk) {
            byte[] bytes = new byte[300];
            Arrays.fill(bytes, (byte) chunk.length());
            return bytes;
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
            liveOn(steps.on((Disk) disk));
        }

        void liveOn(Disk on) throws IOException {
            try (Spool spool = Spool.open(home.resolve("spool"), on, InstantSource.fixed(NOW))) {
                for (Item item : spool.ready()) {
                    assertThat(item.sizeBytes()).isEqualTo(Segments.of(item).sizeBytes());
                    assertThat(spool.segments().links(item.dir()))
                            .hasSameSizeAs(Segments.of(item).chunks());
                }
                goOn(spool);
            }
        }

        void liveUntilThereIsRoom(Disk full, String where) throws IOException {
            for (int tries = 0; ; tries++) {
                assertThat(tries).as(where).isLessThan(10);
                try (Spool spool = Spool.open(home.resolve("spool"), full, InstantSource.fixed(NOW))) {
                    while (!isDone(spool, where)) {
                        assertThat(tries++).as(where).isLessThan(10); // the process goes on
                    }
                    return;
                } catch (FileSystemException e) {
                    assertThat(e).as(where).hasMessageContaining("No space left");
                    requireEveryByte(where); // the process did not come up, and is started once more
                }
            }
        }

        private boolean isDone(Spool spool, String where) throws IOException {
            try {
                goOn(spool);
                return true;
            } catch (FileSystemException e) {
                assertThat(e).as(where).hasMessageContaining("No space left");
                requireEveryByte(where);
                return false;
            }
        }

        /// As the agent does.
        private void goOn(Spool spool) throws IOException {
            if (spool.find(ID).isEmpty()) {
                spool.segments().begin(ID, source, NOW);
            }
            if (spool.find(ID).equals(Optional.of(Place.INCOMING))) {
                seal(spool);
            }
            for (Item item : spool.ready()) {
                deliver(spool, item);
                spool.shipped(item, NOW);
            }
        }

        private void seal(Spool spool) throws IOException {
            Segments segments = spool.segments();
            for (String chunk : CHUNKS) {
                Map<String, Path> found = new LinkedHashMap<>();
                if (Files.exists(source.resolve(chunk))) {
                    found.put(chunk, source.resolve(chunk));
                }
                if (segments.add(ID, found).contains("deleted")) {
                    disk.deleteTree(source.resolve("deleted"));
                }
            }
            segments.leaveOut(ID, Set.of("torn-before"));
            Incoming open = spool.incoming().getFirst();
            List<Segment.Chunk> chunks = new ArrayList<>();
            ByteArrayOutputStream heads = new ByteArrayOutputStream();
            for (String link : segments.links(open.dir())) {
                String path = "acme/1/" + link;
                chunks.add(new Segment.Chunk(path, HEAD.length + 300L, "00", link, heads.size(), HEAD.length, 0));
                heads.writeBytes(HEAD);
            }
            List<Segment.Rewritten> rewritten =
                    List.of(new Segment.Rewritten("acme/1/deleted", List.of("acme/1/older")));
            segments.seal(ID, new Segment(1, 2, 3, new TimeRange(4, 5), chunks, rewritten), heads.toByteArray(), NOW);
        }

        private void deliver(Spool spool, Item sealed) throws IOException {
            Item item = sealed;
            if (Segments.of(item).chunks().size() == 2) {
                spool.segments().takeAgain(item, "torn-later", source.resolve("torn-later"));
                item = spool.segments().without(item, Set.of("torn-later"));
            }
            Segment segment = Segments.of(item);
            assertThat(segment.rewritten()).hasSize(1);
            for (Segment.Chunk chunk : segment.chunks()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                for (Item.DataFile part : Segment.parts(item.dir(), chunk)) {
                    byte[] file = Files.readAllBytes(part.path());
                    bytes.write(file, Math.toIntExact(part.offset()), Math.toIntExact(part.sizeBytes()));
                }
                delivered.put(chunk.path(), bytes.toByteArray());
            }
        }

        /// What is neither with the source nor at the centre is in the spool.
        void requireEveryByte(String where) throws IOException {
            for (String chunk : CHUNKS) {
                boolean elsewhere = Files.exists(source.resolve(chunk)) || delivered.containsKey("acme/1/" + chunk);
                assertThat(elsewhere || isIn("incoming", chunk) || isIn("ready", chunk))
                        .as("%s: %s", where, chunk)
                        .isTrue();
            }
        }

        private boolean isIn(String place, String chunk) throws IOException {
            Path link = home.resolve("spool")
                    .resolve(place)
                    .resolve(ID.toString())
                    .resolve("logs")
                    .resolve(chunk);
            return Files.exists(link) && Arrays.equals(Files.readAllBytes(link), bytes(chunk));
        }

        void requireDone(String where) throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.writeBytes(HEAD);
            whole.writeBytes(bytes("deleted"));
            assertThat(delivered).as(where).containsOnlyKeys("acme/1/deleted");
            assertThat(delivered.get("acme/1/deleted")).as(where).isEqualTo(whole.toByteArray());
            assertThat(source.resolve("torn-later")).as(where).hasBinaryContent(bytes("torn-later"));
            assertThat(source.resolve("torn-before")).as(where).hasBinaryContent(bytes("torn-before"));
            try (Spool spool = Spool.open(home.resolve("spool"))) {
                assertThat(spool.shippedRecords()).as(where).hasSize(1);
                assertThat(spool.losses()).as(where).isEmpty();
                for (String place : List.of("incoming", "ready", "quarantine")) {
                    assertThat(home.resolve("spool").resolve(place)).as(where).isEmptyDirectory();
                }
            }
        }
    }
}
