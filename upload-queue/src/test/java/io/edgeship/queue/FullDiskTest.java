package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk has no room at some moment, for a few calls, half of the first one done; then it has again. The agent is
/// not started anew.
class FullDiskTest {
    private static final int EVERY = Integer.getInteger("edgeship.full.disk.every", 11);

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    private final Disk real = new UnforcedDisk();
    private final FullDisk full = new FullDisk(real);

    @Test
    void theAgentGoesOnWhereItWasWhateverCallFoundNoRoom() throws IOException {
        for (long seed = 1; seed <= 4; seed++) {
            live(seed, Integer.MAX_VALUE, 0);
            int count = full.calls();
            assertThat(count).isGreaterThan(150);
            for (int call = 1 + (int) seed % EVERY; call <= count; call += EVERY) {
                live(seed, call, 1 + call % 3);
            }
        }
    }

    private void live(long seed, int from, int callCount) throws IOException {
        full.fullFrom(from, callCount);
        String where = "seed %d, no room for calls %d to %d".formatted(seed, from, from + callCount - 1);
        Path home = Files.createDirectories(dir.resolve("full-%d-%d".formatted(seed, from)));
        AgentLife agent = new AgentLife(home, seed, new Steps());
        Disk disk = full.disk();
        List<ShippedRecord> remembered;
        try (Spool spool = open(agent, disk)) {
            int tries = 0;
            while (!tryToLive(agent, spool, disk)) {
                assertThat(tries++).as(where).isLessThan(10);
                agent.requireNothingForged(where);
                requireAsOnDisk(spool, where);
            }
            remembered = spool.shippedRecords();
        }
        agent.requireDone(where);
        try (Spool anew = agent.open(real)) {
            assertThat(anew.shippedRecords()).as(where).isEqualTo(remembered);
        }
    }

    /// A call that failed may have done its work, and what is kept in memory must know.
    private static void requireAsOnDisk(Spool spool, String where) throws IOException {
        List<BlockId> onDisk = new ArrayList<>();
        try (var files = Files.list(spool.dir().resolve("shipped"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> BlockId.parse(name.replace(".json", "")))
                    .sorted()
                    .forEach(onDisk::add);
        }
        assertThat(spool.shippedRecords().stream().map(ShippedRecord::id))
                .as(where)
                .containsExactlyElementsOf(onDisk);
    }

    /// A start that fails is tried again, by whoever watches the process.
    private static Spool open(AgentLife agent, Disk disk) throws IOException {
        IOException last = new IOException();
        for (int i = 0; i < 10; i++) {
            try {
                return agent.open(disk);
            } catch (FileSystemException e) {
                last = e;
            }
        }
        throw last;
    }

    private static boolean tryToLive(AgentLife agent, Spool spool, Disk disk) throws IOException {
        try {
            agent.live(spool, disk, FullDiskTest::deleteTree);
            return true;
        } catch (FileSystemException e) {
            assertThat(e).hasMessageContaining("No space left");
            return false;
        }
    }

    private static void deleteTree(Path path) throws IOException {
        try (var walk = Files.walk(path)) {
            for (Path child : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(child);
            }
        }
    }
}
