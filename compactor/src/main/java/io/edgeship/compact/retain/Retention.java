package io.edgeship.compact.retain;

import io.edgeship.block.BlockId;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.plan.Stream;
import io.edgeship.compact.retain.Retained.Kept;
import io.edgeship.compact.retain.Retained.Marking;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/// Decides which blocks are old enough to be marked for deletion, by the rule of Thanos'
/// `ApplyRetentionPolicyByResolution`
/// and one of our own: samples go at one resolution only once every coarser one that is still kept holds them. A
/// block that arrives after its time is therefore downsampled first. What a block says of itself decides on that
/// block alone. A pure function.
public final class Retention {
    /// Finest first.
    private static final List<Long> RESOLUTIONS = List.of(0L, Periods.FIVE_MINUTES_MILLIS, Periods.ONE_HOUR_MILLIS);

    /// Names in a sentence for people.
    private static final int NAMED_MAX = 3;

    private final long nowMillis;
    private final RetentionRules rules;
    private final Predicate<BucketBlock> selected;
    private final List<Marking> markings = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();

    private Retention(Instant now, RetentionRules rules, Predicate<BucketBlock> selected) {
        this.nowMillis = BucketBlock.millis(now);
        this.rules = rules;
        this.selected = selected;
    }

    /// @param now      by the store's clock; where it cannot be trusted nobody may act on the result
    /// @param selected blocks that may be marked; any other may still hold what one of them gives up
    public static Retained of(BucketView view, Instant now, RetentionRules rules, Predicate<BucketBlock> selected) {
        if (rules.keepEverything()) {
            return new Retained(List.of(), List.of());
        }
        Retention retention = new Retention(now, rules, selected);
        retention.byLabels(view).forEach(retention::decide);
        retention.markings.sort(
                Comparator.comparing(marking -> marking.block().meta().id()));
        retention.kept.sort(Comparator.comparing(one -> one.block().meta().id()));
        return new Retained(retention.markings, retention.kept);
    }

    private Collection<List<BucketBlock>> byLabels(BucketView view) {
        Map<SortedMap<String, String>, List<BucketBlock>> blocks = new HashMap<>();
        for (BucketBlock block : view.blocks()) {
            SortedMap<String, String> labels =
                    Stream.of(block, rules.replicaLabels()).labels();
            blocks.computeIfAbsent(labels, _ -> new ArrayList<>()).add(block);
        }
        return blocks.values();
    }

    /// One stream at a time: the lineage of all of them would be most of the memory.
    private void decide(List<BucketBlock> stream) {
        List<BucketBlock> over = stream.stream().filter(this::isOver).toList();
        if (over.isEmpty()) {
            return;
        }
        Map<Long, Coverage> coverage = coverage(stream);
        for (BucketBlock block : over) {
            Optional<Kept> obstacle = obstacle(block, coverage);
            obstacle.ifPresent(kept::add);
            if (obstacle.isEmpty()) {
                Duration period = rules.periodsOf(block.labels()).of(block.resolutionMillis());
                markings.add(new Marking(block, new DeletionReason.Expired(period)));
            }
        }
    }

    private boolean isOver(BucketBlock block) {
        return block.deletionMark() == null
                && selected.test(block)
                && rules.isOver(block.labels(), block.resolutionMillis(), ageMillis(block));
    }

    /// By resolution; a block that is to be deleted, lacks files, or was set aside as broken stands for no other.
    private static Map<Long, Coverage> coverage(List<BucketBlock> stream) {
        Map<Long, Coverage> coverage = new HashMap<>();
        for (BucketBlock block : stream) {
            if (block.resolutionMillis() != 0
                    && block.deletionMark() == null
                    && block.isComplete()
                    && !block.isSetAside()) {
                coverage.computeIfAbsent(block.resolutionMillis(), _ -> new Coverage())
                        .add(block);
            }
        }
        return coverage;
    }

    /// What a block claims may lie beyond all clocks.
    private long ageMillis(BucketBlock block) {
        long end = block.meta().range().maxTime();
        long age = nowMillis - end;
        boolean overflowed = ((nowMillis ^ end) & (nowMillis ^ age)) < 0;
        return overflowed ? (end < 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : age;
    }

    private Optional<Kept> obstacle(BucketBlock block, Map<Long, Coverage> coverage) {
        if (block.meta().stats().numSamples() == 0 && block.meta().stats().numChunks() == 0) {
            return Optional.empty(); // it holds nothing that could be lost
        }
        long age = ageMillis(block);
        for (long coarser : RESOLUTIONS) {
            if (coarser <= block.resolutionMillis() || rules.isOver(block.labels(), coarser, age)) {
                continue;
            }
            Coverage there = coverage.getOrDefault(coarser, Coverage.NONE);
            List<BlockId> missing = there.missing(block);
            if (!missing.isEmpty() || !there.spans(block, coarser)) {
                return Optional.of(kept(block, coarser, missing));
            }
        }
        return Optional.empty();
    }

    private Kept kept(BucketBlock block, long resolutionMillis, List<BlockId> missing) {
        String never = never(block);
        String name = Durations.print(Duration.ofMillis(resolutionMillis));
        if (!never.isEmpty()) {
            return new Kept(
                    block,
                    resolutionMillis,
                    missing,
                    "kept because %s, and %s is kept longer: its samples would be lost".formatted(never, name),
                    true);
        }
        String what = missing.isEmpty() ? "all of its time" : "its sources " + names(missing);
        return new Kept(
                block, resolutionMillis, missing, "waits for a %s block that holds %s".formatted(name, what), false);
    }

    /// Why nobody will downsample the block; empty if somebody will.
    private String never(BucketBlock block) {
        if (!rules.downsamples()) {
            return "the role downsample is off";
        }
        if (!block.isComplete()) {
            return "it lacks files and cannot be downsampled";
        }
        if (!block.unexpected().isEmpty()) {
            return "it has files that it does not list, so that nobody can tell its chunks";
        }
        return block.noDownsample() ? "it is marked no-downsample" : "";
    }

    private static String names(List<BlockId> ids) {
        List<String> first =
                ids.stream().limit(NAMED_MAX).map(BlockId::toString).toList();
        int more = ids.size() - first.size();
        return String.join(", ", first) + (more == 0 ? "" : " and %d more".formatted(more));
    }
}
