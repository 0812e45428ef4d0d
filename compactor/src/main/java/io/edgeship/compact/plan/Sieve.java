package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.fleet.BucketBlock;
import java.time.Instant;
import java.util.List;

/// Tells what may be done with one block, by what it says of itself and what marks it bears.
final class Sieve {
    static final long FIVE_MINUTES = 300_000;
    static final long ONE_HOUR = 3_600_000;

    /// Of all blocks, finest first.
    static final List<Long> RESOLUTIONS = List.of(0L, FIVE_MINUTES, ONE_HOUR);

    /// The year 9999 in both directions. No clock shows what lies beyond.
    private static final long TIME_MAX = 253_402_300_799_999L;

    /// A block of a year of every two hours has 4380.
    private static final int SOURCES_MAX = 20_000;

    /// An index of no series and one segment of no chunks take less.
    private static final long EMPTY_BYTES_MAX = 4096;

    /// How the reason begins of a block whose deletion mark was read.
    static final String MARKED = "is marked for deletion ";

    private final PlanRules rules;
    private final long nowMillis;

    Sieve(PlanRules rules, long nowMillis) {
        this.rules = rules;
        this.nowMillis = nowMillis;
    }

    enum State {
        /// May be merged.
        USABLE,
        /// May be downsampled only, and lies in the way of what would reach over it.
        NO_COMPACT,
        /// Is taken later, so that its window waits.
        YOUNG,
        /// Nothing may be done with it, and it lies in the way of what would reach over it.
        BARRED,
        /// To be marked: it holds nothing.
        EMPTY,
        /// Is as if it were not there.
        GONE
    }

    /// @param untilMillis of a young block; else zero
    record Found(State state, String why, long untilMillis) {}

    Found of(BucketBlock block) {
        String unfit = unfit(block);
        BucketBlock.SeenMark mark = block.deletionMark();
        if (mark != null) {
            return found(
                    State.GONE,
                    mark.equals(BucketBlock.SeenMark.UNREAD)
                            ? "has a deletion mark that could not be read just now"
                            : MARKED + "since " + Words.time(mark.atMillis()));
        }
        if (!unfit.isEmpty()) {
            return found(State.GONE, unfit);
        }
        long until = youngUntil(block);
        if (until > nowMillis) {
            return until
                            > plus(
                                    nowMillis,
                                    rules.holdMax().toMillis()
                                            + rules.consistencyDelay().toMillis())
                    ? found(State.BARRED, "says it was uploaded at %s, in the future".formatted(Words.time(until)))
                    : new Found(
                            State.YOUNG,
                            "is younger than the consistency delay of "
                                    + Words.duration(rules.consistencyDelay().toMillis()),
                            until);
        }
        return ofContent(block);
    }

    private Found ofContent(BucketBlock block) {
        if (!block.isComplete()) {
            return found(State.BARRED, "lacks files: " + String.join(", ", Words.few(block.missing())));
        }
        if (!block.unexpected().isEmpty()) {
            return found(
                    State.BARRED,
                    "has files that it does not list, so that readers may take the wrong chunks: "
                            + String.join(", ", Words.few(block.unexpected())));
        }
        if (block.isSetAside()) {
            return found(State.BARRED, "is marked no-compact and no-downsample");
        }
        if (block.noCompact()) {
            return found(State.NO_COMPACT, "is marked no-compact");
        }
        if (block.meta().compaction().failed()) {
            return found(State.BARRED, "says that compacting it failed");
        }
        BlockMeta.Stats stats = block.meta().stats();
        if (stats.numSamples() == 0 && stats.numSeries() == 0 && stats.numChunks() == 0) {
            return block.sizeBytes() - metaBytes(block) <= EMPTY_BYTES_MAX
                    ? found(State.EMPTY, "holds no samples")
                    : found(State.BARRED, "says that it is empty and is not");
        }
        return found(State.USABLE, "");
    }

    /// What no compactor could work with; empty if there is nothing.
    private String unfit(BucketBlock block) {
        TimeRange range = block.meta().range();
        if (block.labels().isEmpty()) {
            return "has no external labels, so nobody knows whose it is";
        }
        if (!rules.selector().test(Stream.of(block, rules.replicaLabels()).labels())) {
            return "is outside of the selector";
        }
        if (!RESOLUTIONS.contains(block.resolutionMillis())) {
            return "has a resolution of %d ms, which no reader knows".formatted(block.resolutionMillis());
        }
        if (range.minTime() < -TIME_MAX || range.maxTime() > TIME_MAX || range.minTime() == range.maxTime()) {
            return "claims a range of time that no block has: %d to %d".formatted(range.minTime(), range.maxTime());
        }
        return block.meta().compaction().sources().size() > SOURCES_MAX
                ? "names more than %d sources".formatted(SOURCES_MAX)
                : "";
    }

    /// Until when Thanos' consistency-delay filter hides the block.
    private long youngUntil(BucketBlock block) {
        return isCompacted(block)
                ? Long.MIN_VALUE
                : plus(arrivedMillis(block), rules.consistencyDelay().toMillis());
    }

    /// When it was uploaded, by what it says itself.
    static long arrivedMillis(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        Instant uploaded = thanos == null ? null : thanos.uploadTime();
        return uploaded == null ? block.meta().id().timeMillis() : BucketBlock.millis(uploaded);
    }

    /// Whether a compactor made it, so that it did not arrive from anywhere.
    static boolean isCompacted(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        return thanos != null && BucketBlock.NEVER_YOUNG.contains(thanos.source());
    }

    /// Of two numbers of which the second is not negative.
    static long plus(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static long metaBytes(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        long listed = thanos == null
                ? 0
                : thanos.files().stream().mapToLong(BlockFile::sizeBytes).sum();
        return Math.max(0, block.sizeBytes() - listed);
    }

    private static Found found(State state, String why) {
        return new Found(state, why, 0);
    }
}
