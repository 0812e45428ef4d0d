package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.ship.Backfill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a Loki has written reaches the bucket, and nothing else does.
class LokiSourceTest {
    @TempDir
    Path dir;

    private LokiSite site;

    @BeforeEach
    void open() throws IOException {
        site = new LokiSite(dir);
    }

    private void sealAll(LokiSource source) throws IOException {
        source.sealAtOnce();
        assertThat(source.scan()).isEmpty();
    }

    @Test
    void chunksOfEveryCodecComeWhereTheCentralLokiReadsThem() throws IOException {
        List<Path> written = site.writeAll("codecs");
        assertThat(written).hasSize(9);
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(LokiSite.linesOf(written));
            Manifest manifest = site.manifest(source, 1);
            assertThat(manifest.getCodec()).isEqualTo(Manifest.Codec.CODEC_IN_PLACE);
            assertThat(manifest.getFilesList()).hasSize(9).allSatisfy(file -> {
                LokiChunk chunk = LokiChunkReader.open(file.getPath(), site.bytes(file.getPath()));
                assertThat(chunk.header().tenant()).isEqualTo("fleet");
                assertThat(chunk.header().labels()).containsEntry("site", LokiSite.SITE);
            });
            assertThat(source.spool().ready()).isEmpty();
        }
    }

    @Test
    void chunksGoThroughTheInboxInPieces() throws IOException {
        List<Path> written = site.writeAll("codecs");
        try (LokiSource source = site.open()) {
            sealAll(source);
            Item item = source.spool().ready().getFirst();
            site.bucket.head("what-time-is-it");
            assertThat(site.inbox(source).ship(item)).isInstanceOf(Outcome.Delivered.class);
            Manifest manifest = site.manifest(source, 1);
            assertThat(manifest.getCodec()).isEqualTo(Manifest.Codec.CODEC_PLAIN);
            byte[] stream = site.assembled(manifest);
            assertThat(stream).hasSize((int) item.sizeBytes());
            int at = 0;
            long lines = 0;
            for (Manifest.File file : manifest.getFilesList()) {
                byte[] bytes = Arrays.copyOfRange(stream, at, at + (int) file.getSizeBytes());
                LokiSite.requireRow(file, bytes);
                lines += LokiSite.lines(LokiSite.requireKey(file.getPath(), bytes))
                        .size();
                at += bytes.length;
            }
            assertThat(lines).isEqualTo(LokiSite.linesOf(written).size());
            assertThat(site.keys("fleet")).as("chunks put in place").isEmpty();
        }
    }

    @Test
    void verbatimChunksKeepEveryByte() throws IOException {
        site.tenants = new Tenants(Tenants.Mode.VERBATIM, "fleet", "site", LokiSite.SITE);
        List<Path> written = site.writeAll("codecs");
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
            for (Path file : written) {
                LokiChunk chunk = LokiChunkReader.open(file);
                String key = "acme/%x/%x:%x:%x"
                        .formatted(
                                chunk.header().fingerprint(),
                                chunk.header().fromMillis(),
                                chunk.header().throughMillis(),
                                chunk.name().crc32c());
                assertThat(site.bytes(key)).isEqualTo(Files.readAllBytes(file));
            }
        }
    }

    @Test
    void aTenantOfEverySiteIsNotShippedVerbatim() throws IOException {
        site.tenants = new Tenants(Tenants.Mode.VERBATIM, "fleet", "site", LokiSite.SITE);
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            assertThat(source.scan()).singleElement().asString().contains("fake", "every site's");
            site.ship(source);
            assertThat(site.manifest(source, 1).getFilesList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(file.getPath()).startsWith("acme/"));
        }
    }

    @Test
    void eachSiteMayHaveTenantsOfItsOwn() throws IOException {
        site.tenants = new Tenants(Tenants.Mode.SITE, "fleet", "site", LokiSite.SITE);
        List<Path> written = site.writeAll("whole");
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
            assertThat(site.keys("shop-7.fake")).hasSize(3);
            assertThat(site.keys("shop-7.acme")).hasSize(3);
            assertThat(site.linesInBucket(source)).isEqualTo(LokiSite.linesOf(written));
        }
    }

    @Test
    void theFlatNamesOfOlderSchemasAreChunksToo() throws IOException {
        Path golden = LokiSite.golden("codecs/gzip").getFirst();
        LokiChunk chunk = LokiChunkReader.open(golden);
        String plain = "acme/%x:%x:%x:%x"
                .formatted(
                        chunk.header().fingerprint(),
                        chunk.header().fromMillis(),
                        chunk.header().throughMillis(),
                        chunk.name().crc32c());
        String name = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        Files.copy(golden, site.root.resolve(name));
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(LokiSite.linesOf(List.of(golden)));
        }
    }

    @Test
    void whatIsNoChunkByItsNameIsPassedOver() throws IOException {
        Files.writeString(site.root.resolve("loki_cluster_seed.json"), "{}");
        Path index = Files.createDirectories(site.root.resolve("index/index_20778"));
        Files.writeString(index.resolve("1795331773-vm-1795331773194354719.tsdb.gz"), "x");
        Path stream = Files.createDirectories(site.root.resolve("acme/1d646579ed1e64ae"));
        Files.writeString(stream.resolve("half.tmp"), "x");
        try (LokiSource source = site.open()) {
            sealAll(source);
            assertThat(source.spool().ready()).isEmpty();
            assertThat(source.unwholeChunks()).isZero();
        }
    }

    @Test
    void aSegmentIsSealedTwoHoursAfterItsFirstChunk() throws IOException {
        List<Path> golden = LokiSite.golden("whole");
        try (LokiSource source = site.open()) {
            site.write(golden.get(0));
            source.scan();
            site.now = site.now.plus(Duration.ofMinutes(119));
            site.write(golden.get(1));
            source.scan();
            assertThat(source.spool().ready()).isEmpty();
            assertThat(source.spool().incoming()).hasSize(1);
            site.now = site.now.plus(Duration.ofMinutes(1));
            source.scan();
            site.ship(source);
            site.write(golden.get(2));
            source.scan();
            site.now = site.now.plus(Duration.ofHours(2));
            source.scan();
            site.ship(source);
            assertThat(site.manifests(source)).hasSize(2);
            assertThat(site.manifest(source, 1).getFilesList()).hasSize(2);
            assertThat(site.manifest(source, 2).getFilesList()).hasSize(1);
        }
    }

    @Test
    void aSegmentThatWouldBeTooLargeIsSealedBefore() throws IOException {
        List<Path> written = site.writeAll("codecs");
        site.segmentBytesMax = 2 * Files.size(written.getFirst());
        try (LokiSource source = site.open()) {
            sealAll(source);
            assertThat(source.spool().ready())
                    .hasSizeGreaterThan(3)
                    .allSatisfy(item -> assertThat(item.sizeBytes()).isLessThan(2 * site.segmentBytesMax));
            site.ship(source);
            assertThat(site.linesInBucket(source)).isEqualTo(LokiSite.linesOf(written));
            assertThat(List.copyOf(site.manifests(source).keySet()))
                    .isEqualTo(LongStream.rangeClosed(1, site.manifests(source).size())
                            .boxed()
                            .toList());
        }
    }

    @Test
    void aChunkIsTakenOnceAlsoByAnAgentThatWasStartedAnew() throws IOException {
        List<Path> written = site.writeAll("whole");
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
        }
        try (LokiSource source = site.open()) {
            sealAll(source);
            assertThat(source.spool().ready()).isEmpty();
            Files.delete(written.getFirst());
            sealAll(source);
            site.write(LokiSite.golden("whole").getFirst());
            sealAll(source);
            assertThat(source.spool().ready())
                    .as("what Loki had deleted was forgotten, so the memory is no longer than its directory")
                    .hasSize(1);
        }
    }

    @Test
    void anEmptyDirectoryForgetsNothing() throws IOException {
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            sealAll(source);
            site.ship(source);
            Path away = site.root.resolveSibling("away");
            Files.move(site.root, away);
            Files.createDirectory(site.root); // a mount that is gone
            assertThat(source.strange()).isPresent();
            sealAll(source);
            Files.delete(site.root);
            Files.move(away, site.root);
            sealAll(source);
            assertThat(source.spool().ready()).isEmpty();
        }
    }

    @Test
    void aDroppedStreamStaysAtTheSite() throws IOException {
        site.writeAll("whole");
        LokiChunk some = LokiChunkReader.open(LokiSite.golden("whole").getFirst());
        var label = some.header().labels().entrySet().stream()
                .filter(one -> !one.getKey().equals("__name__"))
                .findFirst()
                .orElseThrow();
        site.drop = DropRules.parse(List.of("{%s=\"%s\"}".formatted(label.getKey(), label.getValue())));
        try (LokiSource source = site.open()) {
            sealAll(source);
            assertThat(source.droppedChunks()).isBetween(1L, 5L);
            site.ship(source);
            assertThat(site.linesInBucket(source))
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("%s=%s".formatted(label.getKey(), label.getValue())));
        }
    }

    @Test
    void chunksOfBeforeTheFirstStartFollowBackfill() throws IOException {
        for (Path file : site.writeAll("whole")) {
            Files.setLastModifiedTime(file, FileTime.from(site.now.minusSeconds(60)));
        }
        site.backfill = new Backfill.None();
        try (LokiSource source = site.open()) {
            sealAll(source);
            assertThat(source.spool().ready()).isEmpty();
            Path late = site.write(LokiSite.golden("codecs/zstd").getFirst());
            Files.setLastModifiedTime(late, FileTime.from(site.now.plusSeconds(60)));
            sealAll(source);
            assertThat(source.spool().ready()).hasSize(1);
        }
    }
}
