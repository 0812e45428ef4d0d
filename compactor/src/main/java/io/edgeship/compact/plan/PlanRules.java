package io.edgeship.compact.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// By what rules blocks are compacted; [#defaults] are those of the documentation.
///
/// @param ranges            lengths of windows, each a multiple of the one before; the first is that of blocks as they
///     arrive, the last that of the largest
/// @param partsMax          so many blocks may a window hold in steady state before it is over: a range is left out
///     where the next has no more parts than this. Thanos' steps are 7
/// @param compacts          whether the role is on
/// @param downsamples       whether the role is on
/// @param fiveMinutesFrom   length of the window from which there is a block of five minutes
/// @param oneHourFrom       length of the window from which there is a block of an hour
/// @param holdMax           how long after its end a window waits for a site, see the package's page
/// @param lateWait          how long a compacted window waits for more late blocks
/// @param consistencyDelay  younger blocks are left alone, as by Thanos' filter
/// @param siteLabel         the external label that names the site
/// @param replicaLabels     external labels that are left out
/// @param overlaps          what is done where blocks overlap
/// @param expiry            what need not be written, as it would be deleted at once
/// @param memoryBudgetBytes of one plan at most
/// @param indexBytesMax     of a block's index at most, see [#INDEX_SHARE]
/// @param selector          over a block's external labels: what may be touched
/// @param isLocal           whether the store is this machine's: then no windows over its objects are held
public record PlanRules(
        List<Duration> ranges,
        int partsMax,
        boolean compacts,
        boolean downsamples,
        Duration fiveMinutesFrom,
        Duration oneHourFrom,
        Duration holdMax,
        Duration lateWait,
        Duration consistencyDelay,
        String siteLabel,
        Set<String> replicaLabels,
        Overlaps overlaps,
        Expiry expiry,
        long memoryBudgetBytes,
        long indexBytesMax,
        Predicate<Map<String, String>> selector,
        boolean isLocal) {
    /// Which blocks are older than they are kept.
    @FunctionalInterface
    public interface Expiry {
        Expiry NEVER = (_, _, _) -> false;

        /// @param ageMillis since the end of a block of these labels and resolution
        boolean isOver(Map<String, String> labels, long resolutionMillis, long ageMillis);
    }

    /// Indexes of sources may come to this share of the largest index together, as in Thanos.
    static final double INDEX_SHARE = 0.85;

    private static final int RANGES_MAX = 8;
    private static final Duration RANGE_MAX = Duration.ofDays(366);

    public PlanRules {
        ranges = List.copyOf(ranges);
        replicaLabels = Set.copyOf(replicaLabels);
        requireRanges(ranges);
        require(partsMax >= 2, "parts_max is at least 2");
        require(!fiveMinutesFrom.isNegative() && !oneHourFrom.isNegative(), "downsampling begins at a length of time");
        require(fiveMinutesFrom.compareTo(oneHourFrom) <= 0, "one hour begins where five minutes did");
        require(
                !holdMax.isNegative() && !lateWait.isNegative() && !consistencyDelay.isNegative(),
                "waits are not negative");
        require(memoryBudgetBytes > 0 && indexBytesMax > 0, "budgets are more than nothing");
    }

    /// The same rules over a store that is this machine's, or is not.
    public PlanRules at(boolean local) {
        return new PlanRules(
                ranges,
                partsMax,
                compacts,
                downsamples,
                fiveMinutesFrom,
                oneHourFrom,
                holdMax,
                lateWait,
                consistencyDelay,
                siteLabel,
                replicaLabels,
                overlaps,
                expiry,
                memoryBudgetBytes,
                indexBytesMax,
                selector,
                local);
    }

    public static PlanRules defaults(String siteLabel, long memoryBudgetBytes) {
        return new PlanRules(
                List.of(Duration.ofHours(2), Duration.ofHours(8), Duration.ofDays(2), Duration.ofDays(14)),
                24,
                true,
                true,
                Duration.ofHours(40),
                Duration.ofDays(10),
                Duration.ofDays(14),
                Duration.ofHours(12),
                Duration.ofMinutes(30),
                siteLabel,
                Set.of(),
                Overlaps.ONE_TO_ONE,
                Expiry.NEVER,
                memoryBudgetBytes,
                64L << 30,
                _ -> true,
                false);
    }

    private static void requireRanges(List<Duration> ranges) {
        require(!ranges.isEmpty() && ranges.size() <= RANGES_MAX, "there are 1 to " + RANGES_MAX + " ranges");
        long before = 0;
        for (Duration range : ranges) {
            long millis = range.compareTo(RANGE_MAX) > 0 ? -1 : range.toMillis();
            require(millis > 0, "a range is more than nothing and at most " + RANGE_MAX.toDays() + " days: " + range);
            require(
                    before == 0 || (millis > before && millis % before == 0),
                    "each range is a multiple of the one before: " + ranges);
            before = millis;
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
