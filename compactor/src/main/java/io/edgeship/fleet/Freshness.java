package io.edgeship.fleet;

import io.edgeship.block.TimeRange;
import io.edgeship.block.message.v1.Heartbeat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Works out per site until when its data has arrived; a pure function of what the bucket holds.
public final class Freshness {
    /// The head of a block may begin a scrape or two after the one before ended; that is no hole.
    static final long GAP_MILLIS_MIN = 10 * 60_000L;

    private Freshness() {}

    /// One entry a site that has a block or a heartbeat, by name.
    public static List<SiteFreshness> of(BucketView view, String siteLabel) {
        Map<String, List<BucketBlock>> blocks = new HashMap<>();
        for (BucketBlock block : view.blocks()) {
            String site = block.labels().getOrDefault(siteLabel, SiteFreshness.UNASSIGNED);
            blocks.computeIfAbsent(site, _ -> new ArrayList<>()).add(block);
        }
        Map<String, List<Heartbeat>> heartbeats = new HashMap<>();
        for (Heartbeat heartbeat : view.heartbeats()) {
            heartbeats
                    .computeIfAbsent(heartbeat.getSite(), _ -> new ArrayList<>())
                    .add(heartbeat);
        }
        TreeSet<String> sites = new TreeSet<>(blocks.keySet());
        sites.addAll(heartbeats.keySet());
        List<SiteFreshness> fresh = new ArrayList<>();
        for (String site : sites) {
            fresh.add(of(site, blocks.getOrDefault(site, List.of()), heartbeats.getOrDefault(site, List.of())));
        }
        return fresh;
    }

    private static SiteFreshness of(String site, List<BucketBlock> blocks, List<Heartbeat> heartbeats) {
        long until = blocks.stream()
                .filter(block -> block.resolutionMillis() == 0 && block.isComplete())
                .mapToLong(block -> block.meta().range().maxTime())
                .max()
                .orElse(0);
        return new SiteFreshness(
                site,
                until,
                blocks.size(),
                blocks.stream().mapToLong(BucketBlock::sizeBytes).sum(),
                gaps(blocks),
                heartbeats.stream().mapToLong(Heartbeat::getSentAtMs).max().orElse(0),
                heartbeats.stream().mapToLong(Heartbeat::getBacklogItems).sum(),
                heartbeats.stream().mapToLong(Heartbeat::getBacklogBytes).sum(),
                heartbeats.size());
    }

    /// Holes in each stream of the site: blocks of one label set, raw, whatever their level.
    private static int gaps(List<BucketBlock> blocks) {
        Map<Map<String, String>, List<TimeRange>> streams = new HashMap<>();
        for (BucketBlock block : blocks) {
            if (block.resolutionMillis() == 0 && block.isComplete()) {
                streams.computeIfAbsent(new TreeMap<>(block.labels()), _ -> new ArrayList<>())
                        .add(block.meta().range());
            }
        }
        int gaps = 0;
        for (List<TimeRange> ranges : streams.values()) {
            ranges.sort(Comparator.comparingLong(TimeRange::minTime));
            long until = Long.MAX_VALUE;
            for (TimeRange range : ranges) {
                if (until != Long.MAX_VALUE && range.minTime() - until >= GAP_MILLIS_MIN) {
                    gaps++;
                }
                until = until == Long.MAX_VALUE ? range.maxTime() : Math.max(until, range.maxTime());
            }
        }
        return gaps;
    }
}
