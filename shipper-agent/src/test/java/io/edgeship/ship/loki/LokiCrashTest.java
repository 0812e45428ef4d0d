package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Item;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.InPlaceTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that is killed before or after any change to disk or bucket ships every line all the same. By default it is
/// killed at every 13th step; `-Dedgeship.kills.stride=1` takes each of them, which lasts minutes.
class LokiCrashTest {
    private static final int STRIDE = Integer.getInteger("edgeship.kills.stride", 13);

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    @Test
    void losesNoLineWhereverItIsKilled() throws IOException {
        List<Path> golden = LokiSite.golden("whole").subList(0, 3);
        List<String> lines = LokiSite.linesOf(golden);
        Kills kills = new Kills();
        for (int step = 1; ; step += STRIDE) {
            Path home = Files.createDirectory(dir.resolve("life-" + step));
            LokiSite site = new LokiSite(home);
            site.disk = kills.on(Disk.class, Disk.system());
            site.segmentBytesMax = 2 * Files.size(golden.getFirst());
            kills.killAt(step);
            boolean killed = false;
            try {
                live(site, kills, golden);
            } catch (Kills.Killed e) {
                killed = true;
                kills.killAt(Integer.MAX_VALUE);
                site.now = site.now.plusSeconds(60);
                live(site, kills, golden);
            }
            requireDone(site, lines, "killed at step " + step);
            deleteTree(home);
            if (!killed) {
                assertThat(step).as("steps of a life").isGreaterThan(100);
                return;
            }
        }
    }

    /// Loki deletes its first chunk as soon as it is linked, as retention may.
    private static void live(LokiSite site, Kills kills, List<Path> golden) throws IOException {
        Path first = site.root.resolve(golden.getFirst()
                .subpath(golden.getFirst().getNameCount() - 3, golden.getFirst().getNameCount()));
        Path mark = site.dir.resolve("deleted");
        for (Path chunk : golden) {
            if (Files.notExists(mark) || !chunk.equals(golden.getFirst())) {
                site.write(chunk);
            }
        }
        try (LokiSource source = site.open()) {
            source.scan();
            Files.deleteIfExists(first);
            Files.writeString(mark, "");
            source.sealAtOnce();
            source.scan();
            Bucket bucket = kills.on(Bucket.class, site.bucket);
            bucket.head("what-time-is-it");
            var transport = source.guard(new InPlaceTransport(
                    bucket,
                    LokiSite.SITE,
                    source.spool().incarnation(),
                    "1",
                    new PieceSizing(64 << 10, 1 << 20, () -> 0),
                    UploadProgress.NONE,
                    site.disk));
            for (Item item : source.spool().ready()) {
                transport.ship(item);
                source.spool().shipped(item, site.now);
            }
            source.scan();
        }
    }

    private static void requireDone(LokiSite site, List<String> lines, String where) throws IOException {
        site.disk = Disk.system();
        try (LokiSource source = site.open()) {
            assertThat(source.spool().ready()).as(where).isEmpty();
            assertThat(source.spool().incoming()).as(where).isEmpty();
            assertThat(source.spool().losses()).as(where).isEmpty();
            assertThat(site.linesInBucket(source).stream().distinct().toList())
                    .as(where)
                    .isEqualTo(lines.stream().distinct().toList());
            long segments = site.manifests(source).size();
            assertThat(site.manifests(source).keySet())
                    .as(where)
                    .allSatisfy(sequence -> assertThat(sequence).isBetween(1L, segments));
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
