package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.SiteReport;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells whether all parts of a window of one stream are there, by what its blocks and its site say.
final class Waits {
    /// A block is made up to so long after the last of its samples: the head of Prometheus holds three hours, and an
    /// agent may be busy.
    private static final long MADE_AFTER_MILLIS = 6 * 3_600_000L;

    /// An agent names no more than this, the oldest, of those that it owes.
    private static final int NAMED_MAX = 1000;

    private final PlanRules rules;
    private final Windows windows;
    private final long nowMillis;
    private final List<SiteReport> reports;
    private final long lastContactMillis;
    private final Set<BlockId> committed;
    private final List<BlockId> unread;
    private final Set<BlockId> known;
    private final Map<Map<String, String>, Long> dataUntil = new HashMap<>();

    /// @param committed all blocks of the bucket
    /// @param unread    blocks that are there, and of which nobody could read just now whose they are
    record Site(List<SiteReport> reports, Set<BlockId> committed, List<BlockId> unread) {}

    /// @param stream  all blocks of the stream, at all resolutions
    /// @param site    what its spools say, and which blocks are there whosever they are
    Waits(PlanRules rules, Windows windows, long nowMillis, Collection<BucketBlock> stream, Site site) {
        this.rules = rules;
        this.windows = windows;
        this.nowMillis = nowMillis;
        reports = site.reports().stream()
                .filter(report -> deadline(report, Long.MAX_VALUE) > nowMillis)
                .toList();
        lastContactMillis = site.reports().stream()
                .mapToLong(SiteReport::lastContactMillis)
                .max()
                .orElse(Long.MIN_VALUE);
        committed = site.committed();
        unread = site.unread();
        known = reports.isEmpty() ? Set.of() : Lineage.sources(stream);
        for (BucketBlock block : stream) {
            if (block.meta().range().minTime() <= nowMillis) {
                dataUntil.merge(block.labels(), block.meta().range().maxTime(), Math::max);
            }
        }
    }

    /// Empty if the window is complete.
    ///
    /// @param parts blocks that lie in the window, of whatever resolution
    /// @param young what the window waits for because one of them is young
    Optional<Wait> of(TimeRange window, int level, List<BucketBlock> parts, Optional<Wait> young) {
        if (window.maxTime() > nowMillis) {
            return Optional.of(new Wait("its window %s is not over".formatted(Words.range(window)), window.maxTime()));
        }
        return unread(window)
                .or(() -> young)
                .or(() -> notUnderstood(window))
                .or(() -> owed(window))
                .or(() -> notReached(window, parts))
                .or(() -> late(window, level, parts));
    }

    private Optional<Wait> unread(TimeRange window) {
        return unread.stream()
                .filter(block -> mayHold(block, window))
                .findFirst()
                .map(block ->
                        Wait.untilRead("block %s may be of its window %s, and its meta.json could not be read just now"
                                .formatted(block, Words.range(window))));
    }

    /// By the time in its ULID.
    private static boolean mayHold(BlockId block, TimeRange window) {
        return window.minTime() <= block.timeMillis() && window.maxTime() > block.timeMillis() - MADE_AFTER_MILLIS;
    }

    private Optional<Wait> notUnderstood(TimeRange window) {
        return reports.stream()
                .filter(report -> !report.isUnderstood() && deadline(report, window.maxTime()) > nowMillis)
                .findFirst()
                .map(report -> new Wait(
                        "a heartbeat of its site cannot be understood, which may owe blocks",
                        deadline(report, window.maxTime())));
    }

    private Optional<Wait> owed(TimeRange window) {
        return reports.stream()
                .filter(report -> deadline(report, window.maxTime()) > nowMillis)
                .flatMap(report -> owed(report, window).stream()
                        .map(block -> new Wait(
                                "its site owes block %s for %s".formatted(block, Words.range(window)),
                                deadline(report, window.maxTime()))))
                .findFirst();
    }

    /// A block that is on its way and may hold samples of the window.
    private Optional<BlockId> owed(SiteReport report, TimeRange window) {
        List<BlockId> outstanding = report.outstanding();
        Optional<BlockId> named = outstanding.stream()
                .filter(block -> !committed.contains(block) && !known.contains(block))
                .filter(block -> mayHold(block, window))
                .findFirst();
        return named.isPresent() || outstanding.size() < NAMED_MAX
                ? named
                : Optional.of(outstanding.getLast())
                        .filter(last -> window.maxTime() > last.timeMillis() - MADE_AFTER_MILLIS);
    }

    /// Data that reach to the window's end show that no more is to come of it, for blocks are sent oldest first.
    private Optional<Wait> notReached(TimeRange window, List<BucketBlock> parts) {
        for (BucketBlock part : parts) {
            long reached = dataUntil.getOrDefault(part.labels(), Long.MIN_VALUE);
            long heardOf = Math.min(window.maxTime(), Math.max(reached, lastContactMillis));
            long until = Sieve.plus(heardOf, rules.holdMax().toMillis());
            if (reached < window.maxTime() && until > nowMillis) {
                return Optional.of(new Wait(
                        "data of its site end before its window %s does".formatted(Words.range(window)), until));
            }
        }
        return Optional.empty();
    }

    /// Late blocks are merged into what was compacted without them in one go: once no more have come for a while, and
    /// the site owes none, yet not later than the hold allows.
    private Optional<Wait> late(TimeRange window, int level, List<BucketBlock> parts) {
        List<BucketBlock> late = lateOf(level, parts);
        if (late.isEmpty()) {
            return Optional.empty();
        }
        long oldest = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        for (BucketBlock block : late) {
            long arrived = Math.min(nowMillis, Sieve.arrivedMillis(block));
            oldest = Math.min(oldest, arrived);
            newest = Math.max(newest, arrived);
        }
        long limit = oldest + rules.holdMax().toMillis();
        boolean owed = reports.stream().anyMatch(report -> owed(report, window).isPresent());
        long until = owed ? limit : Math.min(limit, newest + rules.lateWait().toMillis());
        return until <= nowMillis
                ? Optional.empty()
                : Optional.of(new Wait(
                        owed
                                ? "its site owes more late blocks for " + Words.range(window)
                                : "more late blocks may follow for " + Words.range(window),
                        until,
                        true));
    }

    private List<BucketBlock> lateOf(int level, List<BucketBlock> parts) {
        long compactedUntil = Long.MIN_VALUE;
        for (BucketBlock part : parts) {
            TimeRange range = part.meta().range();
            if (Sieve.isCompacted(part)) {
                boolean isWhole = range.maxTime() - range.minTime() > windows.partMillis(level);
                compactedUntil = Math.max(compactedUntil, isWhole ? Long.MAX_VALUE : range.maxTime());
            }
        }
        long until = compactedUntil;
        return parts.stream()
                .filter(part -> !Sieve.isCompacted(part) && part.meta().range().minTime() < until)
                .toList();
    }

    /// How long the site of a report is waited for: counted from the window's end, or from its last contact if it was
    /// silent since before.
    private long deadline(SiteReport report, long windowEndMillis) {
        long from = Math.min(windowEndMillis, report.lastContactMillis());
        return Sieve.plus(from, rules.holdMax().toMillis());
    }
}
