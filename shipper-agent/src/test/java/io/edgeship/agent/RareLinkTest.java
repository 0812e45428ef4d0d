package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Logs;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A link that is up five minutes in every six hours, for a week.
class RareLinkTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final Duration EVERY = Duration.ofHours(6);
    private static final Duration UP = Duration.ofMinutes(5);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration NO_ANSWER = Duration.ofSeconds(3);

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    private final List<Duration> requests = new ArrayList<>();
    private final List<Duration> probes = new ArrayList<>();
    private final WaitingTime time = new WaitingTime(_ -> {});
    private final Confirmations confirmations = new Confirmations(UploadProgress.NONE);
    private Random random = new Random(0);

    /// Each failure would be a warning: ten thousand a week.
    @BeforeEach
    void logErrorsOnly() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.ERROR);
    }

    @Test
    void isUsedWithinTenSecondsAndAskedNoMoreOftenThanPatienceAllows() throws IOException {
        for (long seed = 1; seed <= 1; seed++) {
            random = new Random(seed);
            requests.clear();
            probes.clear();
            time.pass(Duration.ofNanos(EVERY.toNanos() - time.nanoTime() % EVERY.toNanos())
                    .plusHours(1));
            Duration begin = time.passed();
            try (PrometheusSource source = source(dir.resolve("seed-" + seed))) {
                weekOf(source, begin, seed);
            }
            assertUsed(begin, seed);
            for (int i = 1; i < probes.size(); i++) {
                assertThat(probes.get(i).minus(probes.get(i - 1)))
                        .as("between probes, seed %d", seed)
                        .isGreaterThanOrEqualTo(LinkWatch.BETWEEN_PROBES);
            }
        }
    }

    private void weekOf(PrometheusSource source, Duration begin, long seed) throws IOException {
        Resting.Wake wake = new Watch();
        Resting resting = new Resting(Duration.ofSeconds(30), wake, time);
        Shipping shipping = shipping(source, wake, resting);
        while (time.passed().minus(begin).compareTo(WEEK) < 0) {
            Rest rest = shipping.once();
            assertThat(rest.until()).isEqualTo(Rest.Until.LINK_UP);
            Duration from = time.passed();
            boolean downBefore = !isUp();
            resting.rest(rest);
            if (downBefore && !isUp()) {
                assertThat(time.passed().minus(from))
                        .as("a wait while the link is down, seed %d", seed)
                        .isGreaterThanOrEqualTo(rest.pause());
            }
        }
    }

    private void assertUsed(Duration begin, long seed) {
        int ups = 0;
        Duration up = begin.plus(EVERY).minusHours(1);
        for (; up.plus(UP).compareTo(begin.plus(WEEK)) < 0; up = up.plus(EVERY)) {
            Duration from = up;
            Duration first = requests.stream()
                    .filter(request -> request.compareTo(from) >= 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(first.minus(up)).as("up at %s, seed %d", up, seed).isLessThanOrEqualTo(Duration.ofSeconds(10));
            ups++;
        }
        assertThat(ups).isEqualTo(28);
        long downRequests =
                requests.stream().filter(request -> !isUpAt(request)).count();
        assertThat(downRequests)
                .as("a minute at most between two, seed %d", seed)
                .isBetween(9_000L, 25_000L);
    }

    private boolean isUp() {
        return isUpAt(time.passed());
    }

    private static boolean isUpAt(Duration at) {
        return at.toNanos() % EVERY.toNanos() < UP.toNanos();
    }

    private boolean reaches() {
        probes.add(time.passed());
        boolean up = isUp();
        time.pass(up ? Duration.ofMillis(300) : NO_ANSWER);
        return up;
    }

    /// Sends an endless block, which is cut again and again.
    private final class EndlessBlock implements Transport {
        @Override
        public Outcome ship(Item item) throws BucketException {
            requests.add(time.passed());
            if (!isUp()) {
                time.pass(NO_ANSWER.dividedBy(1 + random.nextInt(100)));
                throw new BucketException.Unavailable("no route to host", null);
            }
            time.pass(Duration.ofMillis(random.nextInt(20_000)));
            if (isUp() && random.nextInt(4) > 0) {
                confirmations.confirmed(item.id(), 1, 2);
            }
            throw new BucketException.Unavailable("cut", null);
        }
    }

    private Shipping shipping(PrometheusSource source, Resting.Wake wake, Resting resting) throws IOException {
        Bucket bucket = FileBucket.open(dir.resolve("bucket"), "");
        ShipLoop loop = new ShipLoop(
                List.of(new Lane(source, new EndlessBlock(), false)),
                new ShipLoop.Tools(
                        bucket,
                        LinkUse.FREE,
                        ShippingOrder.OLDEST_FIRST,
                        new AgentMetrics(new SimpleMeterRegistry(), List.of(source), bucket),
                        new SiteReports("it", bucket),
                        confirmations,
                        InstantSource.system(),
                        random));
        return new Shipping(loop, bucket, Optional.empty(), new Health(), "", wake, resting, () -> {});
    }

    private final class Watch implements Resting.Wake {
        private final LinkWatch watch = new LinkWatch(dir.resolve("no-interfaces"), () -> reaches(), time::nanoTime);

        @Override
        public boolean linkIsBack() {
            return watch.isBack();
        }

        @Override
        public boolean linkIsOpen() {
            return true;
        }

        @Override
        public boolean reload() {
            return false;
        }
    }

    private static PrometheusSource source(Path home) throws IOException {
        DataDirectory data = DataDirectory.create(Files.createDirectories(home).resolve("data"));
        data.cut(A);
        SourceConfig config = new SourceConfig(
                data.dir(), Optional.empty(), new TreeMap<>(), 0, home.resolve("spool"), new Backfill.All());
        PrometheusSource source = PrometheusSource.open(config, "site", "it", InstantSource.system());
        source.scan();
        return source;
    }
}
