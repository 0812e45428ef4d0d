package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Works out per site until when its data has arrived; a pure function of what the bucket holds.
public final class Freshness {
    /// The head of a block may begin a scrape or two after the one before ended; that is no hole.
    static final long GAP_MILLIS_MIN = 10 * 60_000L;

    /// A spool that is silent for so long while another of its site reports belongs to a box that is gone: its
    /// backlog will never come and would be shown for ever.
    static final long FORMER_AFTER_MILLIS = Duration.ofDays(7).toMillis();

    private Freshness() {}

    /// One entry a site that has a block, a heartbeat or a loss record, by name.
    ///
    /// @param now by the store's clock
    public static List<SiteFreshness> of(BucketView view, String siteLabel, Instant now) {
        AgentsAlive alive = AgentsAlive.of(view.reports(), now);
        Map<String, List<BucketBlock>> blocks = new HashMap<>();
        for (BucketBlock block : view.blocks()) {
            blocks.computeIfAbsent(siteOf(block, siteLabel), _ -> new ArrayList<>())
                    .add(block);
        }
        Map<String, List<SiteReport>> reports = new HashMap<>();
        for (SiteReport report : view.reports()) {
            reports.computeIfAbsent(report.site(), _ -> new ArrayList<>()).add(report);
        }
        Whereabouts whereabouts = new Whereabouts(new HashSet<>(), new HashSet<>());
        view.blocks().forEach(block -> whereabouts.committed().add(block.meta().id()));
        view.partial().forEach(block -> whereabouts.begun().add(block.id()));
        TreeSet<String> sites = new TreeSet<>(blocks.keySet());
        sites.addAll(reports.keySet());
        sites.addAll(view.losses().keySet());
        List<SiteFreshness> fresh = new ArrayList<>();
        for (String site : sites) {
            fresh.add(of(
                    site,
                    blocks.getOrDefault(site, List.of()),
                    current(reports.getOrDefault(site, List.of())),
                    whereabouts,
                    view.losses().getOrDefault(site, 0),
                    alive.count(site)));
        }
        return fresh;
    }

    /// Which ULIDs the bucket has.
    private record Whereabouts(Set<BlockId> committed, Set<BlockId> begun) {}

    static String siteOf(BucketBlock block, String siteLabel) {
        String site = block.labels().getOrDefault(siteLabel, "");
        return site.isEmpty() || site.length() > SiteFreshness.NAME_CHARS_MAX ? SiteFreshness.UNASSIGNED : site;
    }

    /// Without those of boxes that are gone.
    static List<SiteReport> current(List<SiteReport> ofSite) {
        long newest = lastContact(ofSite);
        return ofSite.stream()
                .filter(report -> newest - report.lastContactMillis() <= FORMER_AFTER_MILLIS)
                .toList();
    }

    private static long lastContact(List<SiteReport> reports) {
        return reports.stream().mapToLong(SiteReport::lastContactMillis).max().orElse(0);
    }

    private static SiteFreshness of(
            String site,
            List<BucketBlock> blocks,
            List<SiteReport> reports,
            Whereabouts whereabouts,
            int losses,
            int agentsAlive) {
        Set<BlockId> owed = new LinkedHashSet<>();
        reports.forEach(report -> owed.addAll(report.outstanding()));
        owed.removeAll(whereabouts.committed());
        long until = blocks.stream()
                .filter(Freshness::showsData)
                .mapToLong(block -> Math.max(0, block.meta().range().maxTime()))
                .max()
                .orElse(0);
        return new SiteFreshness(
                site,
                until,
                blocks.size(),
                blocks.stream().mapToLong(BucketBlock::sizeBytes).sum(),
                gaps(blocks),
                lastContact(reports),
                reports.stream().mapToLong(SiteReport::backlogItems).reduce(0, Freshness::plus),
                reports.stream().mapToLong(SiteReport::backlogBytes).reduce(0, Freshness::plus),
                List.copyOf(owed),
                (int) owed.stream().filter(whereabouts.begun()::contains).count(),
                losses,
                reports.size(),
                agentsAlive,
                (int) reports.stream().filter(report -> !report.isUnderstood()).count());
    }

    /// Of two numbers that are not negative; a site may claim any.
    private static long plus(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static boolean showsData(BucketBlock block) {
        return block.resolutionMillis() == 0 && block.isComplete();
    }

    /// Holes in each stream of the site: blocks of one label set, raw, whatever their level.
    private static int gaps(List<BucketBlock> blocks) {
        Map<Map<String, String>, List<TimeRange>> streams = new HashMap<>();
        for (BucketBlock block : blocks) {
            if (showsData(block)) {
                streams.computeIfAbsent(block.labels(), _ -> new ArrayList<>())
                        .add(block.meta().range());
            }
        }
        int gaps = 0;
        for (List<TimeRange> ranges : streams.values()) {
            ranges.sort(Comparator.comparingLong(TimeRange::minTime));
            long until = ranges.getFirst().maxTime();
            for (TimeRange range : ranges) {
                boolean later = range.minTime() > until;
                // the difference of two times that are far apart needs all 64 bits
                if (later && Long.compareUnsigned(range.minTime() - until, GAP_MILLIS_MIN) >= 0) {
                    gaps++;
                }
                until = Math.max(until, range.maxTime());
            }
        }
        return gaps;
    }
}
