package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.PackWatcher;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.FakeCentre;
import io.edgeship.queue.transport.inbox.InboxStore;
import io.edgeship.queue.transport.inbox.InboxTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that packs what it seals and keeps nothing but the packs, killed at every step of it. The centre takes the
/// pack of A, and not that of B, whose files come back and are sent. The source deletes a block as soon as the spool
/// has it.
class PackedCrashTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<BlockId> TAKEN = List.of(Blocks.A, Blocks.B);
    private static final int PIECE = 600;

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    private final Steps steps = new Steps();
    private final Map<BlockId, byte[]> packs = new HashMap<>();

    @BeforeEach
    void pack() throws IOException {
        for (BlockId id : TAKEN) {
            Path block = sealed(dir.resolve("packed"), id);
            Path pack = dir.resolve("packed").resolve(id + ".pack");
            BlockPacker.packShipped(block, pack, PackWatcher.NONE);
            packs.put(id, Files.readAllBytes(pack));
        }
    }

    private static Path sealed(Path parent, BlockId id) throws IOException {
        Path block = Blocks.write(parent, id, 400);
        Files.write(block.resolve("meta.json"), Blocks.sealed(id, block).toJson());
        return block;
    }

    private byte[] pack(BlockId id) {
        return Objects.requireNonNull(packs.get(id));
    }

    @Test
    void theItemHasItsFilesOrItsPackWhereverTheAgentIsKilled() throws IOException {
        int stepCount = stepsOfALife();
        assertThat(stepCount).isGreaterThan(200);
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
    void soItHasWhereverThePowerFails() throws IOException {
        int stepCount = stepsOfALife();
        for (int step = 1; step <= stepCount; step += 2) {
            Life life = new Life("cut-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled() + ", power cut of seed " + step;
            steps.killNever();
            life.disk.cut(new Random(step));
            life.requireEveryByte(where);
            life.live();
            life.requireDone(where);
        }
    }

    @Test
    void soItHasWhereRecoveryIsKilledToo() throws IOException {
        int stepCount = stepsOfALife();
        for (int step = 1; step <= stepCount; step += 7) {
            Life life = new Life("killed-" + step);
            steps.killAt(step);
            String where = life.liveUntilKilled() + ", then killed again and again";
            for (int again = 1; again <= 30; again += 3) {
                steps.killAt(again);
                life.liveUntilKilled();
                life.requireEveryByte(where);
            }
            steps.killNever();
            life.live();
            life.requireDone(where);
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
        private final InboxStore store = new InboxStore();
        private final FakeCentre centre = new FakeCentre(store);

        Life(String name) throws IOException {
            home = Files.createDirectory(dir.resolve(name));
            source = Files.createDirectory(home.resolve("source"));
            for (BlockId id : TAKEN) {
                Blocks.write(source, id, 400);
            }
            centre.rejectsPacks.add(Blocks.B);
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
                for (Incoming item : spool.incoming()) {
                    spool.seal(item.id(), Blocks.sealed(item.id(), item.dir()));
                }
                InboxTransport transport = transport(stepped);
                for (int round = 0; !spool.ready().isEmpty(); round++) {
                    assertThat(round).as("rounds").isLessThan(10);
                    for (Item item : spool.ready()) {
                        settlePack(spool, item);
                        ship(spool, transport, item);
                    }
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

        /// As the agent does.
        private void settlePack(Spool spool, Item item) throws IOException {
            BlockId id = item.id();
            boolean asFiles = InboxTransport.goesAsFiles(item);
            if (item.pack().isEmpty() && !asFiles && Files.notExists(item.dir().resolve("inbox-ledger"))) {
                Path pack = Files.write(spool.workshop().resolve("pack"), pack(id));
                disk.adopt(pack);
                spool.packs().add(id, pack);
            }
            if (item.pack().isPresent() && !asFiles && item.hasFiles()) {
                spool.packs().dropFiles(id);
            }
            if (item.pack().isPresent() && asFiles && !item.hasFiles()) {
                Path unpacked = Files.createDirectory(spool.workshop().resolve("unpacked"));
                Path block = sealed(unpacked, id);
                disk.adopt(unpacked);
                spool.packs().restoreFiles(id, block);
            }
            if (item.pack().isPresent() && asFiles) {
                spool.packs().drop(id);
            }
        }

        private void ship(Spool spool, InboxTransport transport, Item item) throws IOException {
            if (!transport.isAwaited(item)) {
                transport.ship(item);
            }
            centre.cycle(item.id());
            if (transport.poll(item) instanceof Answer.Accepted) {
                spool.shipped(item, NOW);
            }
        }

        private InboxTransport transport(Disk stepped) {
            return new InboxTransport(
                    steps.on(store.bucket()),
                    InboxStore.SITE,
                    InboxStore.INCARNATION,
                    "1",
                    new PieceSizing(PIECE, PIECE, () -> 0),
                    UploadProgress.NONE,
                    Duration.ofHours(6),
                    stepped);
        }

        /// What is neither at the source nor at the centre is in the spool, as files or as the pack of them.
        void requireEveryByte(String where) throws IOException {
            for (BlockId id : TAKEN) {
                boolean elsewhere = Files.exists(source.resolve(id.toString())) || centre.accepted.containsKey(id);
                assertThat(elsewhere || isIn("ready", id) || isIn("incoming", id))
                        .as("%s: %s", where, id)
                        .isTrue();
            }
        }

        private boolean isIn(String place, BlockId id) throws IOException {
            Path item = home.resolve("spool").resolve(place).resolve(id.toString());
            Path pack = item.resolve("block.pack");
            if (Files.exists(pack)) {
                assertThat(Files.readAllBytes(pack)).isEqualTo(pack(id));
                return true;
            }
            Path original = dir.resolve("packed").resolve(id.toString());
            return Files.exists(item.resolve("index"))
                    && Files.mismatch(item.resolve("index"), original.resolve("index")) == -1
                    && Files.mismatch(item.resolve("chunks/000001"), original.resolve("chunks/000001")) == -1;
        }

        void requireDone(String where) throws IOException {
            for (BlockId id : TAKEN) {
                ByteArrayOutputStream files = new ByteArrayOutputStream();
                for (String file : List.of("chunks/000001", "index", "meta.json")) {
                    files.writeBytes(Files.readAllBytes(
                            dir.resolve("packed").resolve(id.toString()).resolve(file)));
                }
                assertThat(centre.accepted.get(id)).as("%s: %s", where, id).isEqualTo(files.toByteArray());
            }
            assertThat(centre.acceptances).as(where).doesNotHaveDuplicates();
            try (Spool spool = Spool.open(home.resolve("spool"))) {
                assertThat(spool.shippedRecords())
                        .as(where)
                        .extracting(ShippedRecord::id)
                        .containsExactlyElementsOf(TAKEN);
                assertThat(spool.losses()).as(where).isEmpty();
                for (String place : List.of("incoming", "ready", "quarantine", "workshop")) {
                    assertThat(home.resolve("spool").resolve(place)).as(where).isEmptyDirectory();
                }
            }
        }
    }
}
