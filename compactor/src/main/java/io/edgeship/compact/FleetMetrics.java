package io.edgeship.compact;

import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.CentreTraces;
import io.edgeship.fleet.SiteState;
import io.edgeship.fleet.SiteStatus;
import io.edgeship.fleet.WindowCoverage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The fleet server's metrics; each is described in `docs/reference/compactor.md`. What is not known of a site has no
/// row. Thread-safe.
final class FleetMetrics {
    /// Beyond these a site's windows are not shown, which are 24 rows each.
    private static final int COVERED_SITES_MAX = 1000;

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final SiteMetrics sites;
    private final Counter syncs;
    private final Counter failures;
    private final AtomicLong lastSuccessMillis;
    private final AtomicLong publishedMillis;
    private final AtomicLong items;
    private final AtomicLong oldestItemMillis;
    private final Map<Predicate<BucketBlock>, AtomicLong> blocks;
    private final AtomicLong partial;
    private final Map<MultiGauge, Function<SiteStatus, Stream<Row<?>>>> perSite;
    private final MultiGauge coverage;

    FleetMetrics(MeterRegistry registry) {
        this.registry = registry;
        sites = new SiteMetrics(registry);
        syncs = counter("syncs", "Looks at the bucket that succeeded.");
        failures = counter("sync.failures", "Looks at the bucket that failed.");
        lastSuccessMillis = time("last.success", "When the bucket was last looked at; 0 before the first time.");
        publishedMillis = time("index", "When a compactor last finished a cycle and published; 0 if none ever did.");
        items = count("inbox.items", "Items that sites have sent whole and that wait for the compactor.");
        oldestItemMillis = time("inbox.oldest", "Since when the oldest of them waits; 0 where none does.");
        partial = count("partial.blocks", "Blocks without a meta.json that can be used.");
        blocks = Map.of(
                _ -> true,
                count("blocks", "Committed blocks in the bucket."),
                block -> !block.isComplete(),
                count("incomplete.blocks", "Blocks that lack a file."),
                BucketBlock::noCompact,
                count("no.compact.blocks", "Blocks with a no-compact mark."),
                block -> block.deletionMark() != null,
                count("marked.blocks", "Blocks with a deletion mark."));
        coverage = perSite("window.coverage.ratio", "Which part of a two-hour window has arrived, by its age.");
        perSite = perSite();
    }

    /// @param at by this machine's clock
    void finished(FleetServer.Seen seen, Instant at) {
        syncs.increment();
        lastSuccessMillis.set(at.toEpochMilli());
        CentreTraces centre = seen.centre();
        publishedMillis.set(millis(centre.published()));
        items.set(centre.items());
        oldestItemMillis.set(millis(centre.oldestItem()));
        partial.set(seen.view().partial().size());
        blocks.forEach((which, count) ->
                count.set(seen.view().blocks().stream().filter(which).count()));
        sites.seen(seen.fresh());
        List<SiteStatus> shown =
                seen.sites().stream().limit(SiteMetrics.SITES_MAX).toList();
        perSite.forEach(
                (gauge, rows) -> gauge.register(shown.stream().flatMap(rows).toList(), true));
        coverage.register(
                shown.stream()
                        .limit(COVERED_SITES_MAX)
                        .flatMap(FleetMetrics::windows)
                        .toList(),
                true);
    }

    void failed() {
        failures.increment();
    }

    private static long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(0L);
    }

    private static Row<?> row(SiteStatus site, double value, String... more) {
        return Row.of(Tags.of("site", site.site()).and(more), value);
    }

    private Map<MultiGauge, Function<SiteStatus, Stream<Row<?>>>> perSite() {
        return Map.of(
                perSite("state", "1 for the state that the site is in, 0 for the others."),
                FleetMetrics::states,
                perSite("lag.seconds", "How old a site's newest data was when the bucket was looked at."),
                site -> site.lagMillis().stream().mapToObj(lag -> row(site, lag / MILLIS)),
                perSite("lag.objective.seconds", "How old it may be."),
                site -> Stream.of(row(site, (double) site.goals().lagObjective().toSeconds())),
                perSite("backlog.blocks", "Blocks that wait at the site, by its heartbeat."),
                site -> Stream.of(row(site, (double) site.freshness().backlogItems())),
                perSite("backlog.bytes", "Their size."),
                site -> Stream.of(row(site, (double) site.freshness().backlogBytes())),
                perSite("arrived.day.bytes", "Size of the blocks that came from the site within 24 hours."),
                site -> Stream.of(row(site, (double) site.arrivedDayBytes())),
                perSite("catch.up.seconds", "How long the backlog takes at the rate of these 24 hours."),
                site -> site.catchUpSeconds().stream().mapToObj(seconds -> row(site, seconds)),
                perSite("stored.bytes", "Size of a site's blocks in the bucket."),
                site -> Stream.of(row(site, (double) site.freshness().sizeBytes())),
                perSite("clock.skew.seconds", "The site's clock minus the store's, by its heartbeat."),
                site -> Stream.of(row(site, site.clockSkewMillis() / MILLIS)),
                perSite("agent.info", "Always 1; the labels say which version a site's agent is."),
                site -> site.versions().stream().map(version -> row(site, 1, "version", version)));
    }

    private MultiGauge perSite(String name, String description) {
        return MultiGauge.builder("edgeship.fleet.site." + name)
                .description(description)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("edgeship.fleet." + name)
                .description(description)
                .register(registry);
    }

    private AtomicLong count(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder("edgeship.fleet." + name, value, AtomicLong::get)
                .description(description)
                .register(registry);
        return value;
    }

    private AtomicLong time(String name, String description) {
        AtomicLong millis = new AtomicLong();
        Gauge.builder("edgeship.fleet." + name + ".timestamp.seconds", millis, at -> at.get() / MILLIS)
                .description(description)
                .register(registry);
        return millis;
    }

    private static Stream<Row<?>> states(SiteStatus site) {
        return Stream.of(SiteState.values())
                .map(state -> row(site, site.state() == state ? 1 : 0, "state", state.spelling()));
    }

    private static Stream<Row<?>> windows(SiteStatus site) {
        return IntStream.range(0, site.coverage().size())
                .mapToObj(window -> row(
                        site,
                        site.coverage().get(window),
                        "hours_ago",
                        "%02d".formatted(window * WindowCoverage.WINDOW.toHours())));
    }
}
