package io.edgeship.compact.logs;

import io.edgeship.block.json.JsonObject;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The logs of the fleet, for people and for scripts.
public final class LogsTable {
    private static final String ROW = "%-30s %-21s %-10s %8s %12s %8s %10s%n";

    private LogsTable() {}

    public static String print(List<SiteLogs> sites, Instant now) {
        StringBuilder table =
                new StringBuilder(ROW.formatted("SITE", "LOGS UNTIL", "LAG", "CHUNKS", "LINES", "MISSING", "BYTES"));
        for (SiteLogs site : sites) {
            boolean known = site.untilMillis() > 0;
            Instant until = Instant.ofEpochSecond(site.untilMillis() / 1000);
            table.append(ROW.formatted(
                    site.site(),
                    known ? until.toString() : "not known",
                    known ? lag(Duration.between(until, now)) : "-",
                    site.chunks(),
                    site.lines(),
                    site.missingSegments(),
                    Sizes.print(site.bytes())));
        }
        return table.toString();
    }

    private static String lag(Duration lag) {
        return lag.isNegative() ? "0s" : Durations.print(Duration.ofSeconds(lag.toSeconds()));
    }

    /// Times in milliseconds.
    public static List<JsonObject> json(List<SiteLogs> sites) {
        return sites.stream()
                .map(site -> JsonObject.empty()
                        .with("site", site.site())
                        .with("logs_until", site.untilMillis())
                        .with("newest_line", site.newestLineMillis())
                        .with("missing_segments", site.missingSegments())
                        .with("chunks", site.chunks())
                        .with("lines", site.lines())
                        .with("size_bytes", site.bytes())
                        .with("last_segment", site.lastMillis()))
                .toList();
    }
}
