package io.edgeship.agent;

import io.edgeship.agent.status.HourlyBytes;
import io.edgeship.agent.status.SiteStatus;
import io.edgeship.agent.status.StatusHtml;
import io.edgeship.agent.status.StatusJson;
import io.edgeship.agent.status.StatusText;
import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.link.LinkStatus;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Lane;
import io.edgeship.ship.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How a running agent fares, and the pages that say so: `/` and `/status.json`. Thread-safe.
final class LiveStatus {
    private static final Log LOG = Log.of(LiveStatus.class);

    /// Browsers name it; curl and the like do not.
    private static final Pattern HTML = Pattern.compile("text/html\\s*(;[^,]*)?");

    private static final Pattern REFUSED = Pattern.compile(";\\s*q=0(\\.0*)?\\s*(;|$)");

    private final AgentConfig config;
    private final List<Lane> lanes;
    private final LinkGovernor governor;
    private final Bucket bucket;
    private final Health health;
    private final ItemProgress progress;
    private final HourlyBytes hours = new HourlyBytes(System::nanoTime);
    private final long beganAtNanos = System.nanoTime();
    private volatile SiteStatus.Estimate estimate = new SiteStatus.Estimate(0, Optional.empty(), "");

    LiveStatus(
            AgentConfig config,
            List<Lane> lanes,
            LinkGovernor governor,
            Bucket bucket,
            Health health,
            ItemProgress progress) {
        this.config = config;
        this.lanes = List.copyOf(lanes);
        this.governor = governor;
        this.bucket = bucket;
        this.health = health;
        this.progress = progress;
    }

    /// Takes note of what the link carried and of how long the rest will take. Called after every scan.
    void tick() {
        try {
            estimate = now().estimate();
        } catch (IOException e) {
            LOG.warn("spool not read, estimates keep their last values", e);
        }
    }

    /// As of the last [#tick], without a look at the disk.
    SiteStatus.Estimate estimate() {
        return estimate;
    }

    List<String> notes() {
        return lanes.stream()
                .flatMap(lane -> Stream.concat(
                        lane.transport().restriction().stream(), lane.transport().cannotFinish().stream()))
                .distinct()
                .toList();
    }

    private List<String> notesAndRemarks() {
        return Stream.concat(notes().stream(), lanes.stream().flatMap(lane -> lane.source().remarks().stream()))
                .toList();
    }

    private static SiteStatus.Room room(Source source) {
        return new SiteStatus.Room(
                source.spoolUse().ownBytes(),
                source.spoolLimits().maxBytes(),
                source.spoolUse().freeBytes());
    }

    /// What is held, and what waits for another block of its window.
    private static Map<BlockId, String> notShipped(Source source) {
        Map<BlockId, String> reasons = new HashMap<>(source.waiting());
        reasons.putAll(source.held());
        return reasons;
    }

    /// @throws IOException if a spool cannot be read
    SiteStatus now() throws IOException {
        hours.count(governor.sentBytes(), governor.receivedBytes());
        List<SourceReading> readings = new ArrayList<>();
        for (Lane lane : lanes) {
            Source source = lane.source();
            readings.add(SourceReading.of(
                    source.path(),
                    source.priority(),
                    source.spool(),
                    config,
                    new SourceReading.Live(
                            source.sending(),
                            source.stopped(),
                            notShipped(source),
                            source.futureBlocks(),
                            Optional.of(room(source))),
                    progress::sentBytes));
        }
        Instant at = InstantSource.system().instant();
        Forecast forecast = Forecast.of(
                config,
                readings,
                new Forecast.Link(bucket.clock().now().orElse(at), governor.seenBytesPerSecond(), keptCount()));
        return new SiteStatus(
                at,
                true,
                config.site(),
                Metrics.version(),
                Optional.of(Duration.ofNanos(System.nanoTime() - beganAtNanos)),
                health.problems(),
                bucket.location(),
                config.transport().name().toLowerCase(Locale.ROOT),
                notesAndRemarks(),
                Optional.of(link()),
                bucket.clock().lastReply(),
                bucket.clock().skew(),
                forecast.estimate(),
                forecast.sources(),
                hours.hours());
    }

    private Optional<byte[]> keptCount() throws IOException {
        return lanes.getFirst().source().spool().kept(LinkGovernor.BUDGET_FILE);
    }

    private SiteStatus.Link link() {
        LinkStatus link = governor.status();
        return new SiteStatus.Link(
                link.open(),
                link.reason(),
                link.opensAt(),
                Optional.of(link.bytesPerSecond()).filter(rate -> rate != LinkConfig.UNLIMITED),
                governor.seenBytesPerSecond(),
                governor.sentBytes(),
                governor.receivedBytes(),
                link.periods().stream()
                        .map(period -> new SiteStatus.Budget(
                                period.name(),
                                period.usedBytes(),
                                Optional.of(period.limitBytes()).filter(_ -> period.isLimited())))
                        .toList());
    }

    void addTo(OpsServer server) {
        server.page("/", this::front);
        server.page("/status.json", _ -> OpsServer.Answer.of("application/json", StatusJson.write(read())));
    }

    private OpsServer.Answer front(String accept) {
        SiteStatus status = read();
        return wantsHtml(accept)
                ? new OpsServer.Answer("text/html; charset=utf-8", StatusHtml.of(status), StatusHtml.HEADERS)
                : new OpsServer.Answer(
                        "text/plain; charset=utf-8",
                        StatusText.of(status) + "\n/status.json\n/metrics\n/-/healthy\n/-/ready\n",
                        Map.of("Vary", "Accept"));
    }

    static boolean wantsHtml(String accept) {
        Matcher html = HTML.matcher(accept.toLowerCase(Locale.ROOT));
        return html.find()
                && (html.group(1) == null || !REFUSED.matcher(html.group(1)).find());
    }

    private SiteStatus read() {
        try {
            return now();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
