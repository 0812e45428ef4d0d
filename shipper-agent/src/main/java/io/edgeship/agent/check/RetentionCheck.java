package io.edgeship.agent.check;

import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the site can live offline as long as promised. While the agent runs, its links keep what Prometheus deletes,
/// on the same disk; while it is down, retention alone decides.
final class RetentionCheck {
    /// Prometheus and the agent may both be down for so long after a bad upgrade.
    private static final double DAYS_MIN = 1;

    private static final Pattern PERCENT = Pattern.compile("([0-9.]+)\\s*%");

    private RetentionCheck() {}

    /// @param retention   in Prometheus' words; empty if it was not asked
    /// @param bytesPerDay of blocks; 0 where there is none yet
    /// @param heldDays    for which blocks lie on disk
    record Facts(String retention, long bytesPerDay, double heldDays, Disk disk, int offlineDays) {}

    /// @param limits of the spool on it
    record Disk(long freeBytes, long totalBytes, SpoolLimits limits) {
        /// That the spool may take.
        long usableBytes() {
            return Math.max(0, freeBytes - limits.minFreeBytes());
        }
    }

    static List<Finding> look(Path path, Facts facts) {
        return List.of(retention(facts).of(path), room(facts).of(path));
    }

    /// The shortest of the limits that apply; infinite where none is known.
    static double retentionDays(Facts facts) {
        double days = Double.POSITIVE_INFINITY;
        for (String limit : facts.retention().split(" or ")) {
            days = Math.min(days, limitDays(limit.strip(), facts));
        }
        return days;
    }

    private static double limitDays(String limit, Facts facts) {
        Matcher percent = PERCENT.matcher(limit);
        if (percent.matches()) {
            return daysOf(
                    Double.parseDouble(percent.group(1)) / 100 * facts.disk().totalBytes(), facts);
        }
        try {
            return Durations.parse(limit).toMillis()
                    / (double) Duration.ofDays(1).toMillis();
        } catch (IllegalArgumentException notATime) {
            try {
                return daysOf((double) Sizes.parse(limit), facts);
            } catch (IllegalArgumentException neither) {
                return Double.POSITIVE_INFINITY;
            }
        }
    }

    private static double daysOf(double bytes, Facts facts) {
        return facts.bytesPerDay() == 0 ? Double.POSITIVE_INFINITY : bytes / facts.bytesPerDay();
    }

    static Finding retention(Facts facts) {
        if (facts.retention().isEmpty()) {
            return Finding.skip(Check.RETENTION, "Prometheus did not say how long it keeps blocks");
        }
        double days = retentionDays(facts);
        String kept = "Prometheus keeps %s, about %s; %d days offline are promised (--offline-days)"
                .formatted(facts.retention(), spelled(days), facts.offlineDays());
        String fix =
                "set Prometheus' retention to %dd or more, and its size limit to match".formatted(facts.offlineDays());
        if (days < DAYS_MIN) {
            return Finding.fail(Check.RETENTION, kept + ": an agent that is down for a day loses blocks", fix);
        }
        return days < facts.offlineDays()
                ? Finding.warn(Check.RETENTION, kept + ": only an agent that runs keeps blocks longer", fix)
                : Finding.pass(Check.RETENTION, kept);
    }

    /// What comes on top of what is on disk now, until either Prometheus or the site's promise lets go of the oldest.
    static Finding room(Facts facts) {
        if (facts.bytesPerDay() == 0) {
            return Finding.skip(
                    Check.ROOM, "there is no block yet to tell how much a day takes; look again in two hours");
        }
        Disk disk = facts.disk();
        double keptDays = Math.max(facts.offlineDays(), knownRetentionDays(facts));
        double lasts = facts.heldDays() + disk.usableBytes() / (double) facts.bytesPerDay();
        String reserve = disk.limits().minFreeBytes() == 0
                ? ""
                : ", %s of them kept free (spool.min_free_bytes),"
                        .formatted(Sizes.print(disk.limits().minFreeBytes()));
        String text = "%s a day; with %s free%s there is room for %s in all, %s are to be kept"
                .formatted(
                        Sizes.print(facts.bytesPerDay()),
                        Sizes.print(disk.freeBytes()),
                        reserve,
                        spelled(lasts),
                        spelled(keptDays));
        String fix = "a larger disk, fewer series, a longer scrape interval, or a shorter promise (--offline-days)";
        if (disk.usableBytes() < facts.bytesPerDay()) {
            return Finding.fail(Check.ROOM, text + ": full within a day if the link goes", fix);
        }
        return lasts < keptDays ? Finding.warn(Check.ROOM, text, fix) : quota(facts, text);
    }

    /// Blocks are lost that neither fit into the spool nor are still with Prometheus.
    private static Finding quota(Facts facts, String text) {
        long maxBytes = facts.disk().limits().maxBytes();
        double retention = knownRetentionDays(facts);
        double lasts = maxBytes == 0 ? Double.POSITIVE_INFINITY : maxBytes / (double) facts.bytesPerDay() + retention;
        if (lasts >= facts.offlineDays()) {
            return Finding.pass(Check.ROOM, text);
        }
        double needed = (facts.offlineDays() - retention) * facts.bytesPerDay();
        return Finding.warn(
                Check.ROOM,
                "%s; but spool.max_bytes (%s) and what Prometheus keeps last for %s offline only, %d are promised"
                        .formatted(text, Sizes.print(maxBytes), spelled(lasts), facts.offlineDays()),
                "raise spool.max_bytes to %s or more, or Prometheus' retention, or promise less (--offline-days)"
                        .formatted(Sizes.print((long) needed)));
    }

    /// Nothing is counted on that nobody has said.
    private static double knownRetentionDays(Facts facts) {
        double days = retentionDays(facts);
        return Double.isInfinite(days) ? 0 : days;
    }

    private static String spelled(double days) {
        return Double.isInfinite(days) ? "any time" : String.format(Locale.ROOT, "%.1f days", days);
    }
}
