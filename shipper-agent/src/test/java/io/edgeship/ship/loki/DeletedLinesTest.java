package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.loki.LokiCodec;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segments;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Loki that is asked to delete lines writes the chunks that hold them anew. The segment says so, and the
/// centre is told of the request.
class DeletedLinesTest {
    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    private LokiSite site;
    private DeletingLoki loki;
    private LokiChunk whole;

    @BeforeEach
    void open() throws IOException {
        site = new LokiSite(dir);
        loki = new DeletingLoki();
        site.url = Optional.of(loki.url());
        Path golden = LokiSite.golden("codecs/gzip").getFirst();
        whole = LokiChunkReader.open(golden);
        Files.setLastModifiedTime(site.write(golden), FileTime.from(DeletingLoki.ASKED.minusSeconds(3600)));
    }

    @AfterEach
    void close() {
        loki.close();
    }

    /// Of the chunk's stream.
    private String selector() {
        var label = whole.header().labels().entrySet().stream()
                .filter(one -> !one.getKey().equals("__name__"))
                .findFirst()
                .orElseThrow();
        return "{%s=\"%s\"}".formatted(label.getKey(), label.getValue());
    }

    /// A chunk of the same stream and time with another checksum.
    private LokiChunkKey writtenAnew() throws IOException {
        LokiChunk anew = LokiChunkRewriter.rewrite(whole, new LokiChunkEdit("acme", Map.of(), LokiCodec.ZSTD));
        LokiChunkKey key = LokiChunkKey.of(anew);
        Path file = key.paths(site.root).getFirst();
        Files.write(file, anew.toBytes());
        Files.setLastModifiedTime(file, FileTime.from(DeletingLoki.ASKED.plusSeconds(3600)));
        return key;
    }

    private void shipAll(LokiSource source) throws IOException {
        source.sealAtOnce();
        assertThat(source.scan()).isEmpty();
        site.ship(source);
    }

    @Test
    void theSegmentSaysWhichChunkStandsForWhich() throws IOException {
        try (LokiSource source = site.open()) {
            shipAll(source);
            String before = site.manifest(source, 1).getFiles(0).getPath();
            loki.asked(selector(), "processed");
            writtenAnew();
            shipAll(source);
            Manifest manifest = site.manifest(source, 2);
            assertThat(manifest.getFilesCount()).isEqualTo(1);
            LogSegment.Rewritten rewritten = manifest.getLogSegment().getRewritten(0);
            assertThat(rewritten.getPath()).isEqualTo(manifest.getFiles(0).getPath());
            assertThat(rewritten.getReplacesList()).containsExactly(before);
            assertThat(source.rewrittenChunks()).isEqualTo(1);
            assertThat(source.remarks()).singleElement().asString().contains("1 delete request(s)", "central Loki");
        }
    }

    @Test
    void itSaysSoAlsoAfterARestartThoughTheOldChunkIsGone() throws IOException {
        loki.asked(selector(), "processed");
        Path old = LokiChunkKey.of(whole).paths(site.root).getFirst();
        try (LokiSource source = site.open()) {
            shipAll(source);
        }
        try (LokiSource source = site.open()) {
            writtenAnew();
            source.scan();
            Files.delete(old);
        }
        try (LokiSource source = site.open()) {
            shipAll(source);
            assertThat(site.manifest(source, 2).getLogSegment().getRewrittenList())
                    .singleElement()
                    .satisfies(one -> assertThat(one.getReplacesList()).hasSize(1));
        }
    }

    @Test
    void aChunkOfTheSameTimeStandsForNothingWhereNobodyAskedToDelete() throws IOException {
        for (String selector : List.of("", "{of=\"another stream\"}")) {
            if (!selector.isEmpty()) {
                loki.asked(selector, "processed");
            }
            try (LokiSource source = site.open()) {
                shipAll(source);
                writtenAnew();
                shipAll(source);
                assertThat(site.manifests(source).values())
                        .allSatisfy(
                                manifest -> assertThat(manifest.getLogSegment().getRewrittenList())
                                        .isEmpty());
            }
        }
    }

    @Test
    void itSaysSoOnceWhereverTheAgentIsKilled() throws IOException {
        loki.asked(selector(), "processed");
        Optional<String> url = site.url;
        Path golden = LokiSite.golden("codecs/gzip").getFirst();
        Kills kills = new Kills();
        boolean killed = true;
        for (int step = 1; killed; step += 5) {
            site = new LokiSite(Files.createDirectory(dir.resolve("life-" + step)));
            site.url = url;
            Files.setLastModifiedTime(site.write(golden), FileTime.from(DeletingLoki.ASKED.minusSeconds(3600)));
            try (LokiSource source = site.open()) {
                shipAll(source);
            }
            writtenAnew();
            site.disk = kills.on(Disk.class, Disk.system());
            kills.killAt(step);
            killed = sealUntilKilled();
            kills.killAt(Integer.MAX_VALUE);
            site.disk = Disk.system();
            try (LokiSource source = site.open()) {
                shipAll(source);
                assertThat(site.manifests(source).values().stream()
                                .mapToInt(one -> one.getLogSegment().getRewrittenCount())
                                .sum())
                        .as("killed at step %d", step)
                        .isEqualTo(1);
            }
            assertThat(killed || step > 20).as("%d steps", step).isTrue();
        }
    }

    private boolean sealUntilKilled() throws IOException {
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            source.scan();
            return false;
        } catch (Kills.Killed e) {
            return true;
        }
    }

    @Test
    void aChunkThatLeavesItsSegmentTakesItsRemarkWithIt() throws IOException {
        loki.asked(selector(), "processed");
        try (LokiSource source = site.open()) {
            shipAll(source);
            LokiChunkKey anew = writtenAnew();
            site.write(LokiSite.golden("codecs/snappy").getFirst());
            source.scan();
            assertThat(source.spool().ready()).hasSize(1);
            Item item = source.spool().ready().getFirst();
            Files.delete(anew.paths(site.root).getFirst());
            Item left = source.spool().segments().without(item, Set.of(anew.oneName()));
            assertThat(Segments.of(left).rewritten()).isEmpty();
        }
    }
}
