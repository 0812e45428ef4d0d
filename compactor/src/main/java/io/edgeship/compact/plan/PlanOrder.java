package io.edgeship.compact.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// In which order plans begin.
final class PlanOrder {
    private static final Comparator<CompactionPlan> OLDEST_AND_SMALLEST = Comparator.comparingLong(
                    (CompactionPlan plan) -> plan.range().minTime())
            .thenComparingLong(plan -> plan.cost().readBytes())
            .thenComparingLong(plan -> plan.stream().resolutionMillis())
            .thenComparing(plan -> plan.sources().getFirst().meta().id());

    private PlanOrder() {}

    /// Every stream gets its first turn before any gets its second, so that none starves the others.
    static List<CompactionPlan> fair(Collection<List<CompactionPlan>> byStream) {
        List<Turn> turns = new ArrayList<>();
        for (List<CompactionPlan> plans : byStream) {
            List<CompactionPlan> sorted =
                    plans.stream().sorted(OLDEST_AND_SMALLEST).toList();
            for (int i = 0; i < sorted.size(); i++) {
                turns.add(new Turn(i, sorted.get(i)));
            }
        }
        turns.sort(Comparator.comparingInt(Turn::number).thenComparing(Turn::plan, OLDEST_AND_SMALLEST));
        return turns.stream().map(Turn::plan).toList();
    }

    private record Turn(int number, CompactionPlan plan) {}
}
