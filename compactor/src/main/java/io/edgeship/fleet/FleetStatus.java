package io.edgeship.fleet;

import io.edgeship.block.thanos.ThanosMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Works out how each site does; a pure function of what the bucket holds, the goals and the time.
public final class FleetStatus {
    private static final Duration DAY = Duration.ofDays(1);

    private final Map<String, List<BucketBlock>> blocks = new HashMap<>();
    private final Map<String, List<SiteReport>> reports = new HashMap<>();
    private final FleetGoals goals;
    private final Instant now;

    private FleetStatus(BucketView view, String siteLabel, FleetGoals goals, Instant now) {
        this.goals = goals;
        this.now = now;
        for (BucketBlock block : view.blocks()) {
            blocks.computeIfAbsent(Freshness.siteOf(block, siteLabel), _ -> new ArrayList<>())
                    .add(block);
        }
        for (SiteReport report : view.reports()) {
            reports.computeIfAbsent(report.site(), _ -> new ArrayList<>()).add(report);
        }
    }

    /// One entry a site that is in the bucket or in the goals, by name. Blocks without a site are nobody's.
    ///
    /// @param fresh     of the same view, see [Freshness]
    /// @param elsewhere sites that were heard of in another bucket: without a trace in this one they ship no blocks
    /// @param now       by the store's clock
    public static List<SiteStatus> of(
            BucketView view,
            List<SiteFreshness> fresh,
            String siteLabel,
            FleetGoals goals,
            Set<String> elsewhere,
            Instant now) {
        FleetStatus fleet = new FleetStatus(view, siteLabel, goals, now);
        TreeMap<String, SiteFreshness> sites = new TreeMap<>();
        goals.named().keySet().stream()
                .filter(site -> !elsewhere.contains(site))
                .forEach(site -> sites.put(site, SiteFreshness.nothingOf(site)));
        fresh.forEach(site -> sites.put(site.site(), site));
        sites.remove(SiteFreshness.UNASSIGNED);
        return sites.values().stream().map(fleet::status).toList();
    }

    private SiteStatus status(SiteFreshness site) {
        List<BucketBlock> ofSite = blocks.getOrDefault(site.site(), List.of());
        List<SiteReport> said = Freshness.current(reports.getOrDefault(site.site(), List.of())).stream()
                .filter(SiteReport::isUnderstood)
                .toList();
        boolean hasData = site.dataUntilMillis() > 0;
        long lagMillis = now.toEpochMilli() - site.dataUntilMillis(); // neither is negative
        SiteGoals wanted = goals.of(site.site());
        long arrived = arrivedBytes(ofSite);
        return new SiteStatus(
                site,
                wanted,
                wanted.stateOf(site, hasData ? lagMillis : Long.MAX_VALUE, now.toEpochMilli()),
                hasData ? OptionalLong.of(lagMillis) : OptionalLong.empty(),
                arrived,
                catchUpSeconds(site.backlogBytes(), arrived),
                new TreeSet<>(said.stream()
                        .map(SiteReport::agentVersion)
                        .filter(version -> !version.isEmpty())
                        .toList()),
                said.stream()
                        .map(SiteReport::clockSkewMillis)
                        .max(Comparator.comparingLong(skew -> skew == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(skew)))
                        .orElse(0L),
                WindowCoverage.of(ofSite, now));
    }

    private static OptionalDouble catchUpSeconds(long backlogBytes, long arrivedDayBytes) {
        if (backlogBytes == 0) {
            return OptionalDouble.of(0);
        }
        return arrivedDayBytes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) backlogBytes / (double) arrivedDayBytes * (double) DAY.toSeconds());
    }

    private long arrivedBytes(List<BucketBlock> ofSite) {
        return ofSite.stream()
                .filter(this::isOfToday)
                .mapToLong(BucketBlock::sizeBytes)
                .sum();
    }

    /// What a compactor made did not come from the site; what it was made of stays for days.
    private boolean isOfToday(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        Instant uploaded = thanos == null ? null : thanos.uploadTime();
        return uploaded != null
                && !BucketBlock.NEVER_YOUNG.contains(block.source())
                && uploaded.isAfter(now.minus(DAY))
                && !uploaded.isAfter(now.plus(DAY));
    }
}
