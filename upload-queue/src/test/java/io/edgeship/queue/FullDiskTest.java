package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private int calls;
    private int fullFrom;
    private int fullUntil;

    @Test
    void theAgentGoesOnWhereItWasWhateverCallFoundNoRoom() throws IOException {
        for (long seed = 1; seed <= 4; seed++) {
            live(seed, Integer.MAX_VALUE, 0);
            int count = calls;
            assertThat(count).isGreaterThan(150);
            for (int call = 1 + (int) seed % EVERY; call <= count; call += EVERY) {
                live(seed, call, 1 + call % 3);
            }
        }
    }

    private void live(long seed, int from, int callCount) throws IOException {
        calls = 0;
        fullFrom = from;
        fullUntil = from + callCount;
        String where = "seed %d, no room for calls %d to %d".formatted(seed, from, fullUntil - 1);
        Path home = Files.createDirectories(dir.resolve("full-%d-%d".formatted(seed, from)));
        AgentLife agent = new AgentLife(home, seed, new Steps());
        Disk disk = mayBeFull();
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

    private Disk mayBeFull() {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    calls++;
                    if (calls >= fullFrom && calls < fullUntil) {
                        begin(method.getName(), arguments);
                        throw new FileSystemException(arguments[0].toString(), null, "No space left on device");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// Half of a write happens before there is no more room.
    private void begin(String method, Object[] arguments) throws IOException {
        switch (method) {
            case "write" -> real.write((Path) arguments[0], half((byte[]) arguments[1]));
            case "append" -> real.append((Path) arguments[0], (long) arguments[1], half((byte[]) arguments[2]));
            case "copy" -> real.write((Path) arguments[1], half(Files.readAllBytes((Path) arguments[0])));
            default -> {}
        }
    }

    private static byte[] half(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
    }

    private static void deleteTree(Path path) throws IOException {
        try (var walk = Files.walk(path)) {
            for (Path child : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(child);
            }
        }
    }
}
