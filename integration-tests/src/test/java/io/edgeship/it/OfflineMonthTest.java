package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.compact.CompactMain;
import io.edgeship.queue.link.BacklogEstimate;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.log.Logs;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShippingOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A site that was offline for thirty days and comes back on a link of 64 KiB/s with a budget and windows.
class OfflineMonthTest {
    private static final long SEED = 20261125;
    private static final Instant OFFLINE_FROM = Instant.parse("2026-02-26T00:00:00Z");
    private static final Instant UP_FROM = OFFLINE_FROM.plus(Duration.ofDays(30));
    private static final Duration LIMIT = Duration.ofDays(60);
    private static final long BYTES_PER_SECOND = 64 << 10;
    private static final long MIB = 1 << 20;
    private static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");
    private static final String LINK = "{rate: 0, jitter: 1m,"
            + " windows: [{cron: '0 1 * * *', duration: 2m, zone: Europe/Amsterdam},"
            + " {cron: '0 13 * * *', duration: 1m, zone: Europe/Amsterdam, rate: 48KiB}],"
            + " budget: {daily: 6MiB, monthly: 20MiB, zone: Europe/Amsterdam}}";

    private static final LocalTime NIGHT_OPENS = LocalTime.of(1, 0);
    private static final LocalTime NIGHT_CLOSES = LocalTime.of(1, 2);
    private static final LocalTime NOON_OPENS = LocalTime.of(13, 0);
    private static final LocalTime NOON_CLOSES = LocalTime.of(13, 1);
    private static final Duration BLOCK = Duration.ofHours(2);
    private static final int BLOCKS = 360;

    /// A small request an hour passes though the budget is used up: with these windows a few of 16 KiB a day.
    private static final long BEYOND = 64 << 10;

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    private final Random random = new Random(SEED);
    private final SimulatedTime time = new SimulatedTime(OFFLINE_FROM);
    private final SimulatedLink.Line line = new SimulatedLink.Line(time, UP_FROM, BYTES_PER_SECOND);

    /// Each try while the link is down would be a warning.
    @BeforeEach
    void logErrorsOnly() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.ERROR);
    }

    @Test
    void throughTheInboxOldestFirst() throws Exception {
        try (SimulatedSite site = site(true, ShippingOrder.OLDEST_FIRST, LINK)) {
            SimulatedPrometheus prometheus = beOffline(site, BLOCKS);
            assertThat(prometheus.kept())
                    .as("blocks that only the spool still has")
                    .isLessThan(BLOCKS - 100);
            BacklogEstimate.Done estimate = (BacklogEstimate.Done) site.estimate();
            ship(site);
            assertKeptTo(estimate);
            assertThat(sent("manifest.pb")).as("order, seed %d", SEED).isEqualTo(ids(prometheus));
            takeIn();
            hearOfReceipts(site);
            assertEverythingArrived(site, prometheus);
        }
    }

    @Test
    void plainOldestFirst() throws Exception {
        try (SimulatedSite site = site(false, ShippingOrder.OLDEST_FIRST, LINK)) {
            SimulatedPrometheus prometheus = beOffline(site, BLOCKS / 6);
            BacklogEstimate.Done estimate = (BacklogEstimate.Done) site.estimate();
            ship(site);
            assertKeptTo(estimate);
            assertThat(sent("meta.json")).as("order, seed %d", SEED).isEqualTo(ids(prometheus));
            assertEverythingArrived(site, prometheus);
        }
    }

    @Test
    void throughTheInboxFreshestFirst() throws Exception {
        try (SimulatedSite site = site(true, ShippingOrder.FRESHEST_FIRST, LINK)) {
            SimulatedPrometheus prometheus = beOffline(site, BLOCKS / 6);
            ship(site);
            assertThat(sent("manifest.pb"))
                    .as("order, seed %d", SEED)
                    .isEqualTo(ids(prometheus).reversed());
            takeIn();
            hearOfReceipts(site);
            assertEverythingArrived(site, prometheus);
        }
    }

    /// The budget is used up by old blocks; then each new one goes at once, on top of it.
    @Test
    void onlyTheFreshestGoesOnBeyondTheBudget() throws Exception {
        String link = "{jitter: 0, budget: {daily: 2MiB, on_exhausted: freshest_only}}";
        try (SimulatedSite site = site(true, ShippingOrder.OLDEST_FIRST, link)) {
            SimulatedPrometheus prometheus = beOffline(site, BLOCKS / 6);
            Rest rest = site.loop().run();
            int old = sent("manifest.pb").size();
            assertThat(rest.until()).isEqualTo(Rest.Until.OPEN);
            assertThat(sent("manifest.pb").getLast()).isEqualTo(ids(prometheus).getLast());
            assertThat(sent("manifest.pb").subList(0, old - 1))
                    .isEqualTo(ids(prometheus).subList(0, old - 1));
            for (int block = 1; block <= 5; block++) {
                cut(site, prometheus);
                site.loop().run();
                assertThat(sent("manifest.pb"))
                        .hasSize(old + block)
                        .endsWith(ids(prometheus).getLast());
            }
            assertThat(site.overrunBytes()).isGreaterThan((5 * 60) << 10);
        }
    }

    /// Restarts and kills included, until all is sent.
    private void ship(SimulatedSite site) throws IOException {
        Rest rest = site.loop().run();
        while (rest.until() == Rest.Until.OPEN || rest.until() == Rest.Until.LINK_UP) {
            assertThat(time.instant())
                    .as("all sent by, %s, seed %d", rest, SEED)
                    .isBefore(UP_FROM.plus(LIMIT));
            site.rest(rest);
            if (random.nextInt(20) == 0) {
                site.restart(random.nextBoolean());
            }
            rest = site.loop().run();
        }
    }

    /// The centre's cycle, on the bucket itself.
    private void takeIn() throws IOException {
        Path yaml = Files.writeString(dir.resolve("compactor.yaml"), """
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: "127.0.0.1:0"}
                log: {level: error}
                """.formatted(dir.resolve("bucket")));
        String[] words = {"compact", "--once", "--config", yaml.toString()};
        assertThat(Commands.run(CompactMain.COMMANDS, words, Terminal.system())).isZero();
    }

    private void hearOfReceipts(SimulatedSite site) throws IOException {
        Instant end = time.instant().plus(LIMIT);
        while (site.loop().awaited() > 0) {
            assertThat(time.instant())
                    .as("all receipts heard by, seed %d", SEED)
                    .isBefore(end);
            site.loop().expectReceipts();
            site.rest(site.loop().run());
        }
    }

    /// Windows and budgets held, and it took as long as was said.
    private void assertKeptTo(BacklogEstimate.Done estimate) {
        Map<LocalDate, Long> daily = new TreeMap<>();
        Map<YearMonth, Long> monthly = new TreeMap<>();
        for (SimulatedLink.Request request : line.seen()) {
            LocalDate day = request.began().atZone(ZONE).toLocalDate();
            daily.merge(day, request.wireBytes(), Long::sum);
            monthly.merge(YearMonth.from(day), request.wireBytes(), Long::sum);
            boolean asksForTime = !request.timeKnown() && request.bodyBytes() <= 4 << 10;
            assertThat(asksForTime || isInWindow(request.began().atZone(ZONE).toLocalTime()))
                    .as("in a window: %s, seed %d", request, SEED)
                    .isTrue();
        }
        assertThat(daily.values()).as("a day, seed %d", SEED).allMatch(bytes -> bytes <= 6 * MIB + BEYOND);
        assertThat(monthly.values()).as("a month, seed %d", SEED).allMatch(bytes -> bytes <= 20 * MIB + BEYOND);
        double days = Duration.between(UP_FROM, time.instant()).toMinutes() / 1440.0;
        assertThat(days)
                .as("%s was said, seed %d, %s", estimate.lines(), SEED, daily)
                .isBetween(estimate.days() - 0.1, estimate.days() + 1.1);
    }

    /// The site comes up to a minute later, at most half of a window.
    private static boolean isInWindow(LocalTime time) {
        boolean night = !time.isBefore(NIGHT_OPENS) && time.isBefore(NIGHT_CLOSES);
        boolean noon = !time.isBefore(NOON_OPENS) && time.isBefore(NOON_CLOSES);
        return night || noon;
    }

    /// Nothing is left at the site, and each byte is in the bucket.
    private void assertEverythingArrived(SimulatedSite site, SimulatedPrometheus prometheus) throws IOException {
        assertThat(site.source().spool().ready()).isEmpty();
        assertThat(site.source().spool().losses()).isEmpty();
        assertThat(site.source().spool().quarantined()).isEmpty();
        for (Map.Entry<BlockId, Map<String, String>> block :
                prometheus.digests().entrySet()) {
            Path arrived = site.bucketDir().resolve(block.getKey().toString());
            assertThat(arrived.resolve("meta.json")).as("seed %d", SEED).exists();
            assertThat(SimulatedPrometheus.digests(arrived))
                    .as("%s, seed %d", block.getKey(), SEED)
                    .isEqualTo(block.getValue());
        }
    }

    /// The blocks of which such a file was sent, in that order; those sent again count once.
    private List<BlockId> sent(String file) {
        return line.seen().stream()
                .filter(request ->
                        request.method().startsWith("put") && request.key().endsWith("/" + file))
                .map(request -> blockOf(request.key()))
                .distinct()
                .toList();
    }

    private static BlockId blockOf(String key) {
        String[] folders = key.split("/", -1);
        return BlockId.parse(folders[folders.length - 2].replace(".item", ""));
    }

    private static List<BlockId> ids(SimulatedPrometheus prometheus) {
        return List.copyOf(prometheus.digests().keySet());
    }

    private SimulatedSite site(boolean inbox, ShippingOrder order, String link) throws Exception {
        return new SimulatedSite(
                dir, new SimulatedSite.Setup(inbox, order, SimulatedSite.Setup.link(link)), line, random);
    }

    /// The last `blocks` of the thirty days are cut; tries to ship meanwhile get nowhere.
    private SimulatedPrometheus beOffline(SimulatedSite site, int blocks) throws IOException {
        SimulatedPrometheus prometheus = new SimulatedPrometheus(site.dataDir(), random);
        time.passUntil(UP_FROM.minus(BLOCK.multipliedBy(blocks)));
        for (int block = 0; block < blocks; block++) {
            cut(site, prometheus);
            if (block % 36 == 19) {
                assertThat(site.loop().run().problem()).isPresent();
            }
        }
        assertThat(line.seen()).isEmpty();
        site.source().scan();
        time.pass(Duration.ofMinutes(2)); // the last one settles
        return prometheus;
    }

    private void cut(SimulatedSite site, SimulatedPrometheus prometheus) throws IOException {
        time.pass(BLOCK);
        prometheus.cut(time.instant());
        if (prometheus.digests().size() % 4 == 0 || !line.seen().isEmpty()) {
            site.source().scan();
        }
        time.pass(line.seen().isEmpty() ? Duration.ZERO : Duration.ofMinutes(1));
    }
}
