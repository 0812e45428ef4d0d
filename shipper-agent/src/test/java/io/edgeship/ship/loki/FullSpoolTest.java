package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a spool without room does not take, or gives up, is either shipped later or a loss on record.
class FullSpoolTest {
    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    /// Room for one chunk.
    private static final SpoolLimits FULL = new SpoolLimits(1, 0, OnFull.STOP);

    @Test
    void whatWasRefusedAndIsGoneAfterARestartIsALossOnRecord() throws IOException {
        LokiSite site = new LokiSite(dir);
        List<Path> golden = LokiSite.golden("whole").subList(0, 3);
        Path gone = refuseAllButOne(site, golden);
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            source.scan();
            Loss loss = onlyLoss(source);
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_VANISHED);
            assertThat(loss.getDetail()).contains("1 chunk(s)");
            assertThat(loss.getMinTimeMs()).isPositive().isLessThan(loss.getMaxTimeMs());
            site.ship(source);
            assertThat(site.linesInBucket(source))
                    .as("all but the lines of %s", gone)
                    .isEqualTo(LokiSite.linesOf(golden.stream()
                            .filter(file -> !gone.endsWith(tail(file)))
                            .toList()));
        }
    }

    /// Three chunks of which two do not fit; one of these is deleted while the agent is down.
    private static Path refuseAllButOne(LokiSite site, List<Path> golden) throws IOException {
        for (Path chunk : golden) {
            site.write(chunk);
        }
        List<Path> files =
                golden.stream().map(file -> site.root.resolve(tail(file))).toList();
        Path gone;
        try (LokiSource source = site.open()) {
            source.keepWithin(FULL);
            source.scan();
            List<String> taken = ChunkMemory.inItems(source.spool()).stream()
                    .map(key -> key.name().toString())
                    .toList();
            assertThat(taken).hasSize(1);
            gone = files.stream()
                    .filter(file -> !taken.contains(file.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(gone);
        return gone;
    }

    private static Path tail(Path golden) {
        return golden.subpath(golden.getNameCount() - 3, golden.getNameCount());
    }

    private static Loss onlyLoss(LokiSource source) throws IOException {
        assertThat(source.spool().losses()).hasSize(1);
        return source.spool().losses().getFirst();
    }

    @Test
    void aKillAtAnyStepOfTheScanThatFindsItGoneMakesNoSecondRecordAndForgetsNone() throws IOException {
        List<Path> golden = LokiSite.golden("whole").subList(0, 3);
        Kills kills = new Kills();
        boolean killed = true;
        for (int step = 1; killed; step++) {
            LokiSite site = new LokiSite(Files.createDirectory(dir.resolve("life-" + step)));
            refuseAllButOne(site, golden);
            site.disk = kills.on(Disk.class, Disk.system());
            kills.killAt(step);
            killed = scanUntilKilled(site);
            kills.killAt(Integer.MAX_VALUE);
            site.disk = Disk.system();
            try (LokiSource source = site.open()) {
                source.scan();
                assertThat(source.spool().losses())
                        .as("killed at step %d", step)
                        .hasSize(1);
            }
            assertThat(killed || step > 10).as("%d steps of a scan", step).isTrue();
        }
    }

    private static boolean scanUntilKilled(LokiSite site) throws IOException {
        try (LokiSource source = site.open()) {
            source.scan();
            return false;
        } catch (Kills.Killed e) {
            return true;
        }
    }

    @Test
    void theRecordOfAnOpenSegmentThatHadToGoSaysWhichTimeItCovers() throws IOException {
        LokiSite site = new LokiSite(dir);
        List<Path> written = site.writeAll("whole");
        try (LokiSource source = site.open()) {
            source.scan();
            assertThat(source.spool().incoming()).hasSize(1);
            for (Path file : written) {
                Files.delete(file); // from now on what is linked costs the spool its size
            }
            source.keepWithin(new SpoolLimits(1, 0, OnFull.OLDEST));
            source.scan();
            Loss loss = onlyLoss(source);
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_EVICTED);
            assertThat(loss.getMinTimeMs()).isPositive();
            assertThat(loss.getMaxTimeMs()).isGreaterThan(loss.getMinTimeMs());
        }
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            site.now = site.now.plus(Duration.ofHours(3));
            source.sealAtOnce();
            source.scan();
            assertThat(source.spool().ready())
                    .as("given up, and so not taken again")
                    .isEmpty();
        }
    }
}
