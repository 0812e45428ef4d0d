package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segments;
import io.edgeship.queue.transport.Transport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Loki writes chunks in place, and after a crash cuts what was whole and writes it once more.
class TornChunksTest {
    @TempDir
    Path dir;

    private LokiSite site;
    private List<Path> golden;

    @BeforeEach
    void open() throws IOException {
        site = new LokiSite(dir);
        golden = LokiSite.golden("whole");
    }

    private static void cut(Path file, long sizeBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(sizeBytes);
        }
        touch(file);
    }

    /// So that a file system with coarse times shows the change as well.
    private static void touch(Path file) throws IOException {
        FileTime before = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 5000));
    }

    private static void scan(LokiSource source) throws IOException {
        source.sealAtOnce();
        assertThat(source.scan()).isEmpty();
    }

    private List<String> linesOf(Path... files) throws IOException {
        return LokiSite.linesOf(List.of(files));
    }

    @Test
    void aChunkCutAtAnyByteIsNotTaken() throws IOException {
        Path file = site.write(golden.getFirst());
        byte[] whole = Files.readAllBytes(file);
        LokiChunkKey key = LokiChunkKey.ofFolders(
                        "acme",
                        golden.getFirst()
                                .getName(golden.getFirst().getNameCount() - 2)
                                .toString(),
                        file.getFileName().toString())
                .orElseThrow();
        for (int size = 0; size < whole.length; size++) {
            cut(file, 0);
            Files.write(file, Arrays.copyOf(whole, size));
            assertThatThrownBy(() -> ChunkFile.check(file, key))
                    .as("%d bytes", size)
                    .isInstanceOf(CorruptFormatException.class);
        }
    }

    @Test
    void aChunkThatIsStillBeingWrittenGoesOnceItIsWhole() throws IOException {
        Path file = site.write(golden.getFirst());
        cut(file, Files.size(file) / 2);
        site.write(golden.get(1));
        try (LokiSource source = site.open()) {
            scan(source);
            assertThat(source.unwholeChunks()).isEqualTo(1);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(1)));
            site.write(golden.getFirst());
            touch(file);
            scan(source);
            assertThat(source.unwholeChunks()).isZero();
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(0), golden.get(1)));
        }
    }

    @Test
    void oneThatStaysCutForADayIsRecordedAsLostUntilItIsWholeAfterAll() throws IOException {
        Path file = site.write(golden.getFirst());
        cut(file, Files.size(file) / 2);
        Files.setLastModifiedTime(file, FileTime.from(site.now));
        try (LokiSource source = site.open()) {
            scan(source);
            site.nanos += Duration.ofHours(1).toNanos();
            site.now = site.now.plus(Duration.ofHours(23));
            scan(source);
            assertThat(source.spool().losses()).isEmpty();
            site.now = site.now.plus(Duration.ofHours(2));
            scan(source);
            scan(source);
            Loss loss = source.spool().losses().getFirst();
            assertThat(source.spool().losses()).hasSize(1);
            assertThat(loss.getReason()).isEqualTo(Loss.Reason.REASON_CORRUPT);
            assertThat(loss.getDetail()).contains(file.toString(), "whole");
            assertThat(loss.getMinTimeMs()).isPositive().isLessThan(loss.getMaxTimeMs());

            site.write(golden.getFirst());
            touch(file);
            scan(source);
            assertThat(source.spool().losses()).isEmpty();
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.getFirst()));
        }
    }

    @Test
    void aClockThatLeapsMakesNoFileLost() throws IOException {
        Path file = site.write(golden.getFirst());
        cut(file, 100);
        try (LokiSource source = site.open()) {
            scan(source);
            site.now = site.now.plus(Duration.ofDays(10_000));
            scan(source);
            assertThat(source.spool().losses()).isEmpty();
        }
    }

    @Test
    void aLinkThatWasCutBeforeItsSegmentWasSealedGoesInALaterOne() throws IOException {
        Path file = site.write(golden.getFirst());
        site.write(golden.get(1));
        try (LokiSource source = site.open()) {
            source.scan();
            cut(file, 10);
            scan(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(1)));
            Files.write(file, Files.readAllBytes(golden.getFirst()));
            touch(file);
            scan(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(0), golden.get(1)));
            assertThat(source.spool().losses()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSealedLinkThatWasCutIsTakenAgainFromAFileThatIsWhole(boolean inbox) throws IOException {
        Path file = site.write(golden.getFirst());
        site.write(golden.get(1));
        try (LokiSource source = site.open()) {
            scan(source);
            Item item = source.spool().ready().getFirst();
            cut(file, 10); // the link with it
            Files.delete(file);
            site.write(golden.getFirst()); // another inode
            site.bucket.head("what-time-is-it");
            Transport transport = inbox ? site.inbox(source) : site.inPlace(source);
            transport.ship(item);
            Manifest manifest = site.manifest(source, 1);
            assertThat(manifest.getFilesList()).hasSize(2);
            if (inbox) {
                assertThat(site.assembled(manifest)).hasSize((int) item.sizeBytes());
            } else {
                assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(0), golden.get(1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSealedLinkThatStaysCutLeavesItsSegmentAndComesLater(boolean restarted) throws IOException {
        Path file = site.write(golden.getFirst());
        site.write(golden.get(1));
        LokiSource source = site.open();
        try {
            scan(source);
            cut(file, 10);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(1)));
            if (restarted) {
                source.close();
                source = site.open();
            }
            scan(source);
            assertThat(source.unwholeChunks()).isEqualTo(1);
            Files.write(file, Files.readAllBytes(golden.getFirst()));
            touch(file);
            scan(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(0), golden.get(1)));
            assertThat(source.spool().losses()).isEmpty();
        } finally {
            source.close();
        }
    }

    @Test
    void aLinkThatWasCutAndWhoseFileIsGoneIsALossOnRecord() throws IOException {
        Path file = site.write(golden.getFirst());
        site.write(golden.get(1));
        try (LokiSource source = site.open()) {
            scan(source);
            cut(file, 10);
            Files.delete(file);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.get(1)));
            assertThat(source.spool().losses()).hasSize(1);
        }
    }

    @Test
    void aSegmentOfWhichNothingIsWholeIsTheItemsMisfortune() throws IOException {
        Path file = site.write(golden.getFirst());
        try (LokiSource source = site.open()) {
            scan(source);
            cut(file, 10);
            Files.delete(file);
            site.bucket.head("what-time-is-it");
            Item item = source.spool().ready().getFirst();
            assertThatThrownBy(() -> site.inPlace(source).ship(item))
                    .isInstanceOf(BucketException.BodyUnreadable.class)
                    .hasMessageContaining("none of its chunks");
        }
    }

    @Test
    void whatLokiDeletedIsShippedFromTheSpool() throws IOException {
        Path file = site.write(golden.getFirst());
        try (LokiSource source = site.open()) {
            source.scan();
            Files.delete(file);
            scan(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(linesOf(golden.getFirst()));
        }
    }

    @Test
    void aLinkIsTheSourcesFileAndNoCopyOfIt() throws IOException {
        Path file = site.write(golden.getFirst());
        try (LokiSource source = site.open()) {
            scan(source);
            Item item = source.spool().ready().getFirst();
            String link = Segments.of(item).chunks().getFirst().link();
            assertThat(Files.isSameFile(Segments.link(item.dir(), link), file)).isTrue();
            assertThat(item.copiedBytes()).isZero();
        }
    }
}
