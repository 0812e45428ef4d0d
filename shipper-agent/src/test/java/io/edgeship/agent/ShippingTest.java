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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShippingTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    private final Health health = new Health();
    private final WaitingTime time = new WaitingTime(this::happen);
    private Runnable event = () -> {};
    private Duration eventAt = Duration.ofDays(1);
    private Optional<BucketException> failure = Optional.empty();
    private boolean back;
    private boolean open;
    private boolean changed;
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
        shipping =
                new Shipping(loop(bucket), bucket, Optional.empty(), health, IDLE, new ScriptedWake(), () -> {}, time);
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

    private final class ScriptedWake implements Shipping.Wake {
        @Override
        public boolean linkIsBack() {
            return back;
        }

        @Override
        public boolean linkIsOpen() {
            return open;
        }

        @Override
        public boolean reload() {
            boolean was = changed;
            changed = false;
            return was;
        }
    }

    private void happen(long nanos) {
        if (nanos >= eventAt.toNanos()) {
            event.run();
        }
    }

    private void after(Duration duration, Runnable what) {
        eventAt = duration;
        event = what;
    }

    /// Returns how long the rest took.
    private Duration rest(Rest.Until until) {
        shipping.rest(new Rest(until, MINUTE, Optional.empty(), 0));
        return time.passed();
    }

    @Test
    void withNothingToShipItSleepsUntilTheNextScan() {
        assertThat(rest(Rest.Until.NEWS)).isEqualTo(IDLE);
        assertThat(time.parked).containsExactly(IDLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEWS", "SETTLED", "ANSWERED"})
    void newsEndTheWaitEvenIfTheyCameBefore(Rest.Until until) {
        shipping.nudge();
        assertThat(rest(until)).isZero();
        assertThat(rest(until)).as("once").isGreaterThanOrEqualTo(IDLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SETTLED", "ANSWERED"})
    void newsThatComeEndTheWait(Rest.Until until) {
        after(Duration.ofSeconds(7), shipping::nudge);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "LINK_UP", "LATER"})
    void newsDoNotEndAWaitForTheLink(Rest.Until until) {
        shipping.nudge();
        assertThat(rest(until)).isEqualTo(MINUTE);
    }

    @Test
    void aLinkThatOpensEndsTheWaitForIt() {
        after(Duration.ofSeconds(20), () -> open = true);
        assertThat(rest(Rest.Until.OPEN)).isEqualTo(Duration.ofSeconds(20));
    }

    /// It may be open and hold back all the same, when its count cannot be kept on a full disk.
    @Test
    void aLinkThatIsOpenAndHoldsBackIsAskedOnceASecond() {
        open = true;
        assertThat(rest(Rest.Until.OPEN)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aLinkThatIsBackEndsTheWaitForItAndNoOther() {
        after(Duration.ofSeconds(3), () -> back = true);
        assertThat(rest(Rest.Until.LINK_UP)).isEqualTo(Duration.ofSeconds(3));
        assertThat(rest(Rest.Until.LATER)).isEqualTo(Duration.ofSeconds(3).plus(MINUTE));
    }

    @ParameterizedTest
    @EnumSource(names = {"LINK_UP", "LATER"})
    void newCredentialsEndTheWait(Rest.Until until) {
        after(Duration.ofSeconds(5), () -> changed = true);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource
    void stoppingEndsEveryWait(Rest.Until until) {
        shipping.stop();
        assertThat(rest(until)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "NEWS", mode = EnumSource.Mode.EXCLUDE)
    void stoppingEndsAWaitUnderWay(Rest.Until until) {
        after(Duration.ofSeconds(2), shipping::stop);
        assertThat(rest(until)).isEqualTo(Duration.ofSeconds(2));
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
