package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import io.edgeship.runtime.http.Health;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.DataDirectory;
import io.edgeship.ship.Lane;
import io.edgeship.ship.LinkUse;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.ShippingOrder;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.SourceConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippingTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final Duration IDLE = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    private final Health health = new Health();
    private final ScriptedWaiting waiting = new ScriptedWaiting();
    private Optional<BucketException> failure = Optional.empty();
    private PrometheusSource source;
    private Shipping shipping;

    @BeforeEach
    void open() throws IOException {
        DataDirectory data = DataDirectory.create(dir.resolve("data"));
        data.cut(A);
        SourceConfig config = new SourceConfig(
                data.dir(), Optional.empty(), new TreeMap<>(), 0, dir.resolve("spool"), new Backfill.All());
        source = PrometheusSource.open(config, "site", "it", InstantSource.system());
        source.scan();
        Bucket bucket = FailingBucket.when(
                FileBucket.open(dir.resolve("bucket"), ""),
                _ -> failure.isPresent(),
                FailingBucket.Moment.BEFORE,
                _ -> failure.orElseThrow());
        shipping = new Shipping(
                loop(bucket), bucket, Optional.empty(), health, "", waiting, waiting.resting(IDLE), () -> {});
    }

    @AfterEach
    void close() throws IOException {
        source.close();
    }

    private ShipLoop loop(Bucket bucket) {
        Confirmations confirmations = new Confirmations(UploadProgress.NONE);
        PlainTransport transport = new PlainTransport(
                bucket, PlainConfig.DEFAULT, PlainConfig.DEFAULT.sizing(() -> 0), () -> 0, confirmations);
        return new ShipLoop(
                List.of(new Lane(source, transport, false)),
                new ShipLoop.Tools(
                        bucket,
                        LinkUse.FREE,
                        ShippingOrder.OLDEST_FIRST,
                        new AgentMetrics(new SimpleMeterRegistry(), List.of(source), bucket),
                        new SiteReports("it", bucket),
                        confirmations,
                        InstantSource.system(),
                        new Random(1)));
    }

    @Test
    void whatIsWrongWithTheBucketIsSaidUntilItIsWell() throws IOException {
        failure = Optional.of(new BucketException.Unavailable("no route to host", null));
        assertThat(shipping.once().until()).isEqualTo(Rest.Until.LINK_UP);
        assertThat(health.problems()).containsOnlyKeys("bucket");
        assertThat(health.problems().get("bucket")).contains("no route to host", "blocks wait in the spool");
        failure = Optional.empty();
        assertThat(shipping.once().until()).isEqualTo(Rest.Until.NEWS);
        assertThat(health.ready()).isTrue();
    }

    @Test
    void aClosedLinkIsNoProblem() throws IOException {
        failure = Optional.of(new BucketException.HeldBack("no window is open"));
        assertThat(shipping.once().until()).isEqualTo(Rest.Until.OPEN);
        assertThat(health.ready()).isTrue();
    }
}
