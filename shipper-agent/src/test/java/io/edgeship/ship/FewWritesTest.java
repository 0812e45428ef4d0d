package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An SD card has few writes in it: all that the agent writes goes through the [Disk], and is counted.
class FewWritesTest {
    /// `item.json` twice, the sealed meta.json, the ledger, the record in `shipped/`, Prometheus' list three times.
    private static final long BLOCK_RECORD_BYTES = 16 << 10;

    private static final BlockId LARGE = BlockId.parse("01M83GSE62ARGZ6NS2THBV0E4Q");

    /// At `scan_interval: 30s`.
    private static final int SCANS_AN_HOUR = 120;

    @TempDir
    private Path dir;

    private DataDirectory data;
    private PrometheusSource source;
    private Bucket bucket;
    private ShipLoop loop;
    private Instant now = Instant.parse("2026-11-25T00:00:00Z");
    private long written;
    private final List<String> changes = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.create(dir.resolve("data"));
        Disk disk = counting();
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH), disk);
        bucket = FileBucket.open(Files.createDirectories(dir.resolve("bucket")), "");
        Confirmations confirmations = new Confirmations(UploadProgress.NONE);
        PlainTransport transport = new PlainTransport(
                bucket, PlainConfig.DEFAULT, PlainConfig.DEFAULT.sizing(() -> 0), () -> 0, confirmations, disk);
        loop = new ShipLoop(
                List.of(new Lane(source, transport, true)),
                new ShipLoop.Tools(
                        bucket,
                        LinkUse.FREE,
                        ShippingOrder.OLDEST_FIRST,
                        new HeardEvents(new ArrayList<>()),
                        new SiteReports("it", bucket),
                        confirmations,
                        () -> now,
                        new Random(1)));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    @Test
    void aBlockCostsAFewRecordsFromTakingToShippedHoweverLargeItIs() throws IOException {
        cutLarge();
        written = 0;
        changes.clear();
        source.scan();
        now = now.plus(Duration.ofHours(2));
        assertThat(loop.run()).isEqualTo(Rest.ALL_SHIPPED);
        assertThat(source.spool().shippedRecords())
                .singleElement()
                .extracting(ShippedRecord::id)
                .isEqualTo(LARGE);
        assertThat(changes).noneMatch(change -> change.startsWith("copy"));
        assertThat(Files.size(data.block(LARGE).resolve("chunks/000001"))).isGreaterThan(5 * BLOCK_RECORD_BYTES);
        assertThat(written).isBetween(1L, BLOCK_RECORD_BYTES);
    }

    private void cutLarge() throws IOException {
        Files.createDirectories(data.block(LARGE).resolve("chunks"));
        for (String file : List.of("chunks/000001", "index", "tombstones", "meta.json")) {
            try (InputStream in = getClass().getResourceAsStream("/golden/prometheus-3.14/" + LARGE + "/" + file)) {
                Files.copy(Objects.requireNonNull(in, file), data.block(LARGE).resolve(file));
            }
        }
    }

    @Test
    void anIdleHourWritesNothing() throws IOException {
        data.cut(A, B);
        source.scan();
        now = now.plus(Duration.ofHours(2));
        loop.run();
        source.scan();
        source.scan();
        written = 0;
        changes.clear();
        for (int scan = 0; scan < SCANS_AN_HOUR; scan++) {
            now = now.plusSeconds(30);
            source.scan();
            loop.run();
        }
        assertThat(changes).isEmpty();
        assertThat(written).isZero();
    }

    private Disk counting() {
        return WatchedDisk.by((method, arguments) -> {
            switch (method) {
                case "write" -> written += ((byte[]) arguments[1]).length;
                case "append" -> written += ((byte[]) arguments[2]).length;
                case "copy" -> written += Files.size((Path) arguments[0]);
                default -> {}
            }
            if (!method.startsWith("force")) {
                changes.add(method + " " + arguments[0]);
            }
        });
    }
}
