package io.edgeship.compact.logs;

import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.SiteFreshness;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How current the logs of one site are.
///
/// @param taken what of its segments has come
/// @param spool what its agents say of themselves in the bucket of logs: contact, backlog in segments, losses
public record LogsFreshness(SiteLogs taken, SiteFreshness spool) {
    /// One entry a site of which a segment, a heartbeat or a loss record has come, by name.
    ///
    /// @param view of reports and losses in the bucket of logs
    /// @param now  by the store's clock
    static List<LogsFreshness> of(LogsState state, BucketView view, Instant now) {
        Map<String, SiteLogs> taken =
                state.bySite().stream().collect(Collectors.toMap(SiteLogs::site, Function.identity()));
        Map<String, SiteFreshness> spools = new TreeMap<>();
        Freshness.of(view, "", now).forEach(spool -> spools.put(spool.site(), spool));
        TreeSet<String> sites = new TreeSet<>(taken.keySet());
        sites.addAll(spools.keySet());
        return sites.stream()
                .map(site -> new LogsFreshness(
                        taken.getOrDefault(site, SiteLogs.nothingOf(site)),
                        spools.getOrDefault(site, SiteFreshness.nothingOf(site))))
                .toList();
    }

    public String site() {
        return taken.site();
    }
}
