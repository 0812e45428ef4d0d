package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiEntry;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.InPlaceTransport;
import io.edgeship.ship.Backfill;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A chunk root with chunks of a real Loki, the source that takes them, and a bucket.
final class LokiSite {
    static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden/loki-3.7.6");
    static final String SITE = "shop-7";

    final Path dir;
    final Path root;
    final Bucket bucket;
    Instant now = Instant.parse("2026-11-22T12:00:00Z");
    long nanos;
    Tenants tenants = new Tenants(Tenants.Mode.FLEET, "fleet", "site", SITE);
    DropRules drop = new DropRules(List.of());
    Backfill backfill = new Backfill.All();
    long segmentBytesMax = 64L << 20;
    Optional<String> url = Optional.empty();
    boolean flush;
    Disk disk = Disk.system();

    LokiSite(Path dir) throws IOException {
        this.dir = dir;
        root = Files.createDirectories(dir.resolve("chunks"));
        bucket = FileBucket.open(dir.resolve("bucket"), "");
    }

    LokiConfig config() {
        return new LokiConfig(
                root,
                url,
                root,
                0,
                dir.resolve("edgeship-spool"),
                backfill,
                tenants,
                drop,
                Duration.ofHours(2),
                segmentBytesMax,
                flush);
    }

    LokiSource open() throws IOException {
        return LokiSource.open(config(), SITE, () -> now, () -> nanos, disk);
    }

    /// The chunk files of a golden folder, in order.
    static List<Path> golden(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith("="))
                    .sorted()
                    .toList();
        }
    }

    /// Writes a golden chunk as Loki does, and returns its file.
    Path write(Path chunk) throws IOException {
        Path file = root.resolve(chunk.subpath(chunk.getNameCount() - 3, chunk.getNameCount()));
        Files.createDirectories(file.getParent());
        Files.write(file, Files.readAllBytes(chunk));
        return file;
    }

    List<Path> writeAll(String folder) throws IOException {
        List<Path> written = new ArrayList<>();
        for (Path chunk : golden(folder)) {
            written.add(write(chunk));
        }
        return written;
    }

    Transport inPlace(LokiSource source) {
        return source.guard(new InPlaceTransport(
                bucket, SITE, source.spool().incarnation(), "1", sizing(), UploadProgress.NONE, disk));
    }

    Transport inbox(LokiSource source) {
        return source.guard(new InboxTransport(
                bucket,
                SITE,
                source.spool().incarnation(),
                "1",
                sizing(),
                UploadProgress.NONE,
                Duration.ofHours(1),
                disk));
    }

    private static PieceSizing sizing() {
        return new PieceSizing(64 << 10, 1 << 20, () -> 0);
    }

    /// Ships all that is ready, in place.
    void ship(LokiSource source) throws IOException {
        bucket.head("what-time-is-it");
        Transport transport = inPlace(source);
        for (Item item : source.spool().ready()) {
            assertThat(transport.ship(item)).isInstanceOf(Outcome.Shipped.class);
            source.spool().shipped(item, now);
        }
    }

    /// Manifests in the bucket, by sequence.
    Map<Long, Manifest> manifests(LokiSource source) throws IOException {
        String prefix = BucketLayout.INBOX + SITE + "/" + source.spool().incarnation() + "/";
        Map<Long, Manifest> manifests = new TreeMap<>();
        for (String key : keys(prefix)) {
            if (key.endsWith("manifest.pb")) {
                Manifest manifest = TransportMessages.manifest(key, bytes(key));
                assertThat(manifests.put(manifest.getLogSegment().getSequence(), manifest))
                        .as("two segments of one number")
                        .isNull();
            }
        }
        return manifests;
    }

    Manifest manifest(LokiSource source, long sequence) throws IOException {
        return Objects.requireNonNull(manifests(source).get(sequence), "no segment " + sequence);
    }

    List<String> keys(String prefix) throws IOException {
        Path below = dir.resolve("bucket").resolve(prefix);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> dir.resolve("bucket").relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    byte[] bytes(String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return in.readAllBytes();
        }
    }

    /// The lines of all chunks that the manifests name, read from where a central Loki would; each chunk is held
    /// against its key and its row in the manifest.
    List<String> linesInBucket(LokiSource source) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Manifest manifest : manifests(source).values()) {
            assertThat(manifest.getKind()).isEqualTo(Manifest.Kind.KIND_LOGS);
            for (Manifest.File file : manifest.getFilesList()) {
                byte[] bytes = bytes(file.getPath());
                requireRow(file, bytes);
                lines.addAll(lines(requireKey(file.getPath(), bytes)));
            }
        }
        return lines.stream().sorted().toList();
    }

    static void requireRow(Manifest.File file, byte[] bytes) {
        assertThat(bytes.length).isEqualTo(file.getSizeBytes());
        assertThat(HexFormat.of().formatHex(Sha256.of(bytes)))
                .isEqualTo(HexFormat.of().formatHex(file.getSha256().toByteArray()));
    }

    /// The chunk, whose key follows from its bytes alone.
    static LokiChunk requireKey(String key, byte[] bytes) throws IOException {
        LokiChunk chunk = LokiChunkReader.open(key, bytes);
        assertThat(key)
                .isEqualTo("%s/%x/%x:%x:%x"
                        .formatted(
                                chunk.header().tenant(),
                                chunk.header().fingerprint(),
                                chunk.header().fromMillis(),
                                chunk.header().throughMillis(),
                                chunk.name().crc32c()));
        return chunk;
    }

    /// Every line with its time and metadata, and the labels that the source gave its stream.
    static List<String> lines(LokiChunk chunk) throws IOException {
        Map<String, String> labels = new TreeMap<>(chunk.header().labels());
        labels.remove("site");
        List<String> lines = new ArrayList<>();
        chunk.forEachEntry((LokiEntry entry) -> lines.add("%s %d %s %s"
                .formatted(
                        labels,
                        entry.timeNanos(),
                        new String(entry.line(), StandardCharsets.UTF_8),
                        entry.metadata())));
        return lines;
    }

    /// What golden chunks hold, likewise.
    static List<String> linesOf(List<Path> files) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            lines.addAll(lines(LokiChunkReader.open(file)));
        }
        return lines.stream().sorted().toList();
    }

    /// The files of an item in the inbox, assembled from its pieces.
    byte[] assembled(Manifest manifest) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        String prefix =
                BucketLayout.INBOX + SITE + "/" + manifest.getIncarnation() + "/" + manifest.getUlid() + ".item/";
        for (String key : keys(prefix)) {
            if (!key.endsWith("manifest.pb")) {
                stream.writeBytes(bytes(key)); // their names are in order
            }
        }
        return stream.toByteArray();
    }
}
