package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import io.edgeship.compact.plan.Sieve.Found;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Plans all that bears the labels of one stream, raw and downsampled: walks its windows from the longest down, until
/// one is complete.
final class StreamPlanner {
    private final PlanRules rules;
    private final Windows windows;
    private final long nowMillis;
    private final Waits waits;
    private final Notes notes;
    private final WindowPlanner complete;

    /// A block, and what may be done with it.
    record Part(BucketBlock block, Found found) {}

    private final List<Part> parts = new ArrayList<>();

    /// @param found every block of the stream that is there and not outdated
    StreamPlanner(PlanRules rules, Windows windows, long nowMillis, Waits waits, Notes notes, Collection<Part> found) {
        this.rules = rules;
        this.windows = windows;
        this.nowMillis = nowMillis;
        this.waits = waits;
        this.notes = notes;
        List<BucketBlock> barriers = new ArrayList<>();
        List<BucketBlock> live = new ArrayList<>();
        for (Part part : found) {
            switch (part.found().state()) {
                case USABLE -> place(part, barriers, live);
                case NO_COMPACT -> {
                    place(part, barriers, live);
                    barriers.add(part.block());
                }
                case YOUNG -> parts.add(part);
                case BARRED -> {
                    barriers.add(part.block());
                    notes.left(part.block(), part.found().why());
                }
                case EMPTY, GONE -> {}
            }
        }
        parts.sort(Comparator.comparingLong(
                        (Part part) -> part.block().meta().range().minTime())
                .thenComparing(part -> part.block().meta().id()));
        complete = new WindowPlanner(rules, windows, nowMillis, notes, new Held(live), new Gaps(barriers));
    }

    private void place(Part part, List<BucketBlock> barriers, List<BucketBlock> live) {
        TimeRange range = part.block().meta().range();
        if (range.maxTime() > windows.around(range.minTime(), windows.top()).maxTime()) {
            barriers.add(part.block());
        }
        live.add(part.block());
        parts.add(part);
    }

    void plan() {
        split(windows.top(), parts);
    }

    private void split(int level, List<Part> blocks) {
        SortedMap<Long, List<Part>> byWindow = new TreeMap<>();
        for (Part part : blocks) {
            TimeRange window = windows.around(part.block().meta().range().minTime(), level);
            byWindow.computeIfAbsent(window.minTime(), _ -> new ArrayList<>()).add(part);
        }
        byWindow.forEach((begin, inWindow) -> window(windows.around(begin, level), level, inWindow));
    }

    private void window(TimeRange window, int level, List<Part> all) {
        Map<Boolean, List<Part>> byFitting = all.stream()
                .collect(Collectors.partitioningBy(
                        part -> part.block().meta().range().maxTime() <= window.maxTime()));
        List<Part> fitting = byFitting.getOrDefault(true, List.of());
        if (level == windows.top()) {
            byFitting.getOrDefault(false, List.of()).forEach(part -> crossing(window, part));
        }
        if (fitting.isEmpty()) {
            return;
        }
        List<BucketBlock> blocks = fitting.stream().map(Part::block).toList();
        Optional<Wait> wait = waits.of(window, level, blocks, young(fitting));
        if (wait.isEmpty()) {
            complete.plan(window, level, blocks);
            return;
        }
        fitting.forEach(part -> notes.waits(part.block(), wait.get()));
        int next = below(window, level, wait.get().isLate(), fitting);
        if (next >= 0) {
            split(next, fitting);
        }
    }

    /// Where readers would have too many blocks, or half of that for longer than usual, no step is left out.
    private int below(TimeRange window, int level, boolean isLate, List<Part> inWindow) {
        long raw = inWindow.stream()
                .filter(part -> part.block().resolutionMillis() == 0)
                .count();
        boolean isHeld =
                !isLate && nowMillis - window.maxTime() > rules.lateWait().toMillis();
        if (raw > (isHeld ? rules.partsMax() / 2 : rules.partsMax())) {
            return level - 1;
        }
        return isLate ? -1 : windows.regularBelow(level);
    }

    private static Optional<Wait> young(Collection<Part> parts) {
        return parts.stream()
                .filter(part -> part.found().state() == Sieve.State.YOUNG)
                .findFirst()
                .map(part -> new Wait(
                        "block %s %s"
                                .formatted(
                                        part.block().meta().id(), part.found().why()),
                        part.found().untilMillis()));
    }

    private void crossing(TimeRange window, Part part) {
        if (part.found().state() == Sieve.State.YOUNG) {
            notes.left(part.block(), part.found().why());
            return;
        }
        complete.alone(part.block(), window, "reaches over the end of its window " + Words.range(window));
    }
}
