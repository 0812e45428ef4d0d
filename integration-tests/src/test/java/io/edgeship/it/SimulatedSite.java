package io.edgeship.it;

import io.edgeship.agent.AgentLink;
import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.BacklogEstimate;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.Lane;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipEvents;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.ShippingOrder;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// An agent's parts, the real ones, on a [SimulatedLink] and in its time. Each [#restart] is
/// the agent's process begun anew on what its disk holds.
final class SimulatedSite implements AutoCloseable {
    static final String SITE = "greenhouse-7";

    private static final ShipEvents UNHEARD = new ShipEvents() {
        @Override
        public void shipped(Item item, long bytesSent, boolean alreadyThere) {}

        @Override
        public void delivered(Item item, long bytesSent) {}

        @Override
        public void packRejected(Item item, String reason) {}

        @Override
        public void failed(Item item, Exception cause) {}

        @Override
        public void quarantined(Item item, String reason) {}
    };

    private final Path dir;
    private final Setup setup;
    private final SimulatedLink.Line line;
    private final Random random;
    private Running running;

    private record Running(PrometheusSource source, LinkGovernor governor, ShipLoop loop) {}

    /// @param inbox whether through the inbox, else plain
    record Setup(boolean inbox, ShippingOrder order, LinkConfig link) {
        static LinkConfig link(String yaml) throws Exception {
            return LinkConfig.from(ConfigFile.parse("agent.yaml", "link: " + yaml, Map.of())
                    .root()
                    .section("link"));
        }
    }

    SimulatedSite(Path dir, Setup setup, SimulatedLink.Line line, Random random) throws IOException {
        this.dir = dir;
        this.setup = setup;
        this.line = line;
        this.random = random;
        Files.createDirectories(dataDir());
        running = start();
    }

    Path dataDir() {
        return dir.resolve("data");
    }

    Path bucketDir() {
        return dir.resolve("bucket");
    }

    private Running start() throws IOException {
        Path spool = dataDir().resolve(Spool.DIRECTORY_NAME);
        SourceConfig config =
                new SourceConfig(dataDir(), Optional.empty(), new TreeMap<>(), 0, spool, new Backfill.All());
        PrometheusSource source = PrometheusSource.open(config, "site", SITE, line.time());
        StoreClock clock = new StoreClock(line.time(), line.time()::nanos);
        LinkGovernor governor = new LinkGovernor(
                setup.link(),
                SITE,
                clock::now,
                new AgentLink.CountInSpool(source.spool()),
                line.time()::nanos,
                line.time()::sleep);
        Bucket bucket = new SimulatedLink(FileBucket.open(bucketDir(), ""), line, setup.link(), governor, clock);
        Confirmations confirmations = new Confirmations(UploadProgress.NONE);
        Transport transport = setup.inbox()
                ? inbox(source.spool(), bucket, governor, confirmations)
                : plain(bucket, governor, confirmations);
        ShipLoop loop = new ShipLoop(
                List.of(new Lane(source, transport, !setup.inbox())),
                new ShipLoop.Tools(
                        bucket,
                        new AgentLink(setup.link(), governor),
                        setup.order(),
                        UNHEARD,
                        new SiteReports(SITE, bucket),
                        confirmations,
                        line.time(),
                        random));
        return new Running(source, governor, loop);
    }

    private Transport inbox(Spool spool, Bucket bucket, LinkGovernor governor, UploadProgress progress) {
        long largest = Math.clamp(setup.link().largestBodyBytes(), PieceName.LENGTH_MIN, PieceName.LENGTH_MAX);
        PieceSizing sizing = new PieceSizing(PieceName.LENGTH_MIN, largest, governor::sentBytes, line.time()::nanos);
        return new InboxTransport(bucket, SITE, spool.incarnation(), "1", sizing, progress);
    }

    private static Transport plain(Bucket bucket, LinkGovernor governor, UploadProgress progress) {
        PlainConfig config = PlainConfig.DEFAULT;
        return new PlainTransport(bucket, config, config.sizing(governor::sentBytes), governor::sentBytes, progress);
    }

    /// The process ends and begins anew.
    ///
    /// @param killed the exact count of the budget is not kept
    void restart(boolean killed) throws IOException {
        if (!killed) {
            running.governor().close();
        }
        running.source().close();
        running = start();
    }

    PrometheusSource source() {
        return running.source();
    }

    ShipLoop loop() {
        return running.loop();
    }

    /// Passes the time until the link opens or the rest is over, an hour at most.
    void rest(Rest rest) {
        Instant now = line.time().instant();
        Instant end = now.plus(rest.pause());
        if (rest.until() == Rest.Until.OPEN) {
            Instant hour = now.plusSeconds(3600);
            Instant opens = running.governor().opensAt().orElse(end);
            end = opens.isBefore(hour) ? opens : hour;
        }
        line.time().passUntil(end);
    }

    /// What went beyond the budget.
    long overrunBytes() {
        return running.governor().status().overrunBytes();
    }

    /// What `--dry-run` says of all that waits.
    BacklogEstimate estimate() throws IOException {
        Spool spool = running.source().spool();
        long bytes = spool.ready().stream().mapToLong(Item::sizeBytes).sum();
        return BacklogEstimate.of(
                bytes,
                setup.link(),
                SITE,
                line.time().instant(),
                line.bytesPerSecond(),
                spool.kept(LinkGovernor.BUDGET_FILE));
    }

    @Override
    public void close() throws IOException {
        running.governor().close();
        running.source().close();
    }
}
