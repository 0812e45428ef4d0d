package io.edgeship.compact.logs;

import io.edgeship.block.json.JsonObject;
import io.edgeship.fleet.FleetTable;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.config.Sizes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The logs of the fleet, for people and for scripts.
public final class LogsTable {
    private static final List<String> HEADER = List.of(
            "SITE", "LOGS UNTIL", "LAG", "CHUNKS", "LINES", "BYTES", "MISSING", "LOSSES", "LAST CONTACT", "BACKLOG");

    private LogsTable() {}

    public static String print(List<LogsFreshness> sites, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        sites.forEach(site -> rows.add(row(site, now)));
        return FleetTable.layOut(rows);
    }

    private static List<String> row(LogsFreshness site, Instant now) {
        SiteLogs taken = site.taken();
        SiteFreshness spool = site.spool();
        boolean known = taken.untilMillis() > 0;
        boolean contact = spool.lastContactMillis() > 0;
        return List.of(
                FleetTable.printable(site.site()),
                known ? Instant.ofEpochSecond(taken.untilMillis() / 1000).toString() : "not known",
                known ? FleetTable.age(taken.untilMillis(), now) : "-",
                Long.toString(taken.chunks()),
                Long.toString(taken.lines()),
                Sizes.print(taken.bytes()),
                Long.toString(taken.missingSegments()),
                Integer.toString(spool.losses()),
                contact ? FleetTable.age(spool.lastContactMillis(), now) + " ago" : "never",
                contact ? backlog(spool) : "-");
    }

    private static String backlog(SiteFreshness spool) {
        String backlog = "%d segments, %s".formatted(spool.backlogItems(), Sizes.print(spool.backlogBytes()));
        if (spool.agentsAlive() > 1) {
            backlog += ", %d AGENTS ALIVE AT ONCE".formatted(spool.agentsAlive());
        }
        return spool.notUnderstood() > 0 ? backlog + ", and more than this version can read" : backlog;
    }

    /// Times in milliseconds.
    public static List<JsonObject> json(List<LogsFreshness> sites) {
        return sites.stream().map(LogsTable::json).toList();
    }

    /// As above, with what became of the goals.
    public static List<JsonObject> statusJson(List<LogsStatus> sites) {
        return sites.stream()
                .map(site -> {
                    JsonObject json = json(site.fresh())
                            .with("state", site.state().spelling())
                            .with(
                                    "lag_objective",
                                    site.goals().logsLagObjective().toMillis())
                            .with("dark_after", site.goals().darkAfter().toMillis());
                    return site.lagMillis().isPresent()
                            ? json.with("lag", site.lagMillis().getAsLong())
                            : json;
                })
                .toList();
    }

    private static JsonObject json(LogsFreshness site) {
        SiteLogs taken = site.taken();
        SiteFreshness spool = site.spool();
        return JsonObject.empty()
                .with("site", site.site())
                .with("logs_until", taken.untilMillis())
                .with("newest_line", taken.newestLineMillis())
                .with("missing_segments", taken.missingSegments())
                .with("chunks", taken.chunks())
                .with("lines", taken.lines())
                .with("size_bytes", taken.bytes())
                .with("last_segment", taken.lastMillis())
                .withUnlessEmpty("last_contact", spool.lastContactMillis())
                .withUnlessEmpty("backlog_segments", spool.backlogItems())
                .withUnlessEmpty("backlog_bytes", spool.backlogBytes())
                .withUnlessEmpty("losses", spool.losses())
                .withUnlessEmpty("agents_alive", spool.agentsAlive())
                .withUnlessEmpty("reports_not_understood", spool.notUnderstood());
    }
}
