package io.edgeship.compact.round;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Planned;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What a round has done so far, and the bucket as it is by then. Thread-safe.
final class RoundState {
    private final Instant now;
    private final PutOff putOff;
    private final Set<SortedMap<String, String>> closed = new HashSet<>();
    private final List<RoundReport.Done> done = new ArrayList<>();
    private final Map<BlockId, String> quarantined = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Map<String, String> busy = new TreeMap<>();
    private final Map<String, String> waiting = new TreeMap<>();
    private final Map<String, Integer> marked = new TreeMap<>();
    private final Set<BlockId> givenUp = new HashSet<>();
    private final Map<BlockId, BucketBlock> changed = new TreeMap<>(); // since the view was made
    private BucketView view;

    /// @param now    by the store's clock
    /// @param putOff what earlier rounds failed at
    RoundState(BucketView view, Instant now, PutOff putOff) {
        this.putOff = putOff;
        this.view = view;
        this.now = now;
    }

    synchronized BucketView view() {
        view = view.with(List.copyOf(changed.values()));
        changed.clear();
        return view;
    }

    /// Labels of streams that are left alone for the rest of the round.
    synchronized Set<SortedMap<String, String>> closed() {
        return Set.copyOf(closed);
    }

    synchronized void close(SortedMap<String, String> labels) {
        closed.add(labels);
    }

    /// Whether a plan of this block failed, so that no other is tried in this round: it would fail likewise.
    synchronized boolean isGivenUp(BucketBlock block) {
        return givenUp.contains(block.meta().id());
    }

    synchronized void done(RoundReport.Done what, List<BucketBlock> written) {
        done.add(what);
        written.forEach(block -> changed.put(block.meta().id(), block));
    }

    synchronized void marked(BucketBlock block, DeletionReason why, BucketBlock.SeenMark mark) {
        marked.merge(why.text(), 1, Integer::sum);
        replace(block, it -> it.withDeletionMark(mark));
    }

    synchronized void quarantined(BucketBlock block, String problem) {
        quarantined.put(block.meta().id(), problem);
        replace(block, it -> it.withNoCompactMark().withNoDownsampleMark());
    }

    synchronized void notDownsampled(BucketBlock block) {
        replace(block, BucketBlock::withNoDownsampleMark);
    }

    /// The stream goes on without these blocks.
    synchronized void gaveUp(CompactionPlan plan, String why) {
        failures.put(LabelSet.of(plan.stream().labels()).toString(), why);
        plan.sources().forEach(block -> givenUp.add(block.meta().id()));
    }

    /// As [#gaveUp], and later rounds go on without them for a while.
    synchronized void gaveUpForNow(CompactionPlan plan, String why) {
        putOff.failed(plan, why, now);
        gaveUp(plan, why);
    }

    /// Leaves out the plans that an earlier round failed at a short while ago.
    synchronized void leaveOutFailed(Planned planned) {
        for (CompactionPlan plan : planned.plans()) {
            if (plan.sources().stream().noneMatch(this::isGivenUp)) {
                putOff.of(plan, now).ifPresent(why -> {
                    waiting.put(LabelSet.of(plan.stream().labels()).toString(), why);
                    plan.sources().forEach(block -> givenUp.add(block.meta().id()));
                });
            }
        }
    }

    synchronized void failed(SortedMap<String, String> labels, String why) {
        failures.put(LabelSet.of(labels).toString(), why);
        closed.add(labels);
    }

    synchronized void busy(SortedMap<String, String> labels, String holder) {
        busy.put(LabelSet.of(labels).toString(), holder);
        closed.add(labels);
    }

    private void replace(BucketBlock block, UnaryOperator<BucketBlock> change) {
        BlockId id = block.meta().id();
        changed.put(id, change.apply(changed.getOrDefault(id, block)));
    }

    synchronized RoundReport report(Planned left) {
        return new RoundReport(view(), left, done, quarantined, failures, waiting, busy, marked);
    }
}
