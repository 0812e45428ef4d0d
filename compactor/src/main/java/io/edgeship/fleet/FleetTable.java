package io.edgeship.fleet;

import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The fleet as a table for people.
public final class FleetTable {
    private static final List<String> HEADER =
            List.of("SITE", "DATA UNTIL", "LAG", "BLOCKS", "BYTES", "GAPS", "LAST CONTACT", "BACKLOG");

    /// As long as the names of sites may be.
    private static final int SITE_CHARS_MAX = 63;

    private FleetTable() {}

    public static String print(List<SiteFreshness> sites, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        for (SiteFreshness site : sites) {
            rows.add(row(site, now));
        }
        return layOut(rows);
    }

    /// Columns as wide as their longest cell.
    ///
    /// @param rows of as many cells each, the header first
    public static String layOut(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static List<String> row(SiteFreshness site, Instant now) {
        boolean data = site.dataUntilMillis() > 0;
        boolean contact = site.lastContactMillis() > 0;
        return List.of(
                printable(site.site()),
                data ? seconds(site.dataUntilMillis()).toString() : "never",
                data ? age(site.dataUntilMillis(), now) : "-",
                Integer.toString(site.blocks()),
                Sizes.print(site.sizeBytes()),
                Integer.toString(site.gaps()),
                contact ? age(site.lastContactMillis(), now) + " ago" : "never",
                contact ? backlog(site) : "-");
    }

    private static String backlog(SiteFreshness site) {
        String backlog = "%d blocks".formatted(site.backlogItems());
        if (site.underWay() > 0) {
            backlog += ", %d under way".formatted(site.underWay());
        }
        if (site.agentsAlive() > 1) {
            backlog += ", %d AGENTS ALIVE AT ONCE".formatted(site.agentsAlive());
        }
        return site.notUnderstood() > 0 ? backlog + ", and more than this version can read" : backlog;
    }

    /// A label is a stranger's text, and a terminal obeys what it prints.
    public static String printable(String site) {
        StringBuilder text = new StringBuilder();
        site.codePoints()
                .limit(SITE_CHARS_MAX)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static Instant seconds(long millis) {
        return Instant.ofEpochSecond(millis / 1000);
    }

    /// Whole minutes from an hour on, whole seconds before.
    public static String age(long millis, Instant now) {
        Duration age = Duration.between(seconds(millis), now);
        if (age.isNegative()) {
            return "in " + Durations.print(Duration.ofSeconds(age.negated().toSeconds()));
        }
        return Durations.print(
                age.toHours() > 0 ? Duration.ofMinutes(age.toMinutes()) : Duration.ofSeconds(age.toSeconds()));
    }
}
