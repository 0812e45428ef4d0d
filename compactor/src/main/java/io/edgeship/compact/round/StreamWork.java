package io.edgeship.compact.round;

import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.plan.Stream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// What is to be done in the streams of one set of labels, under one lock.
///
/// @param marks come first
record StreamWork(SortedMap<String, String> labels, List<Planned.Marking> marks, List<CompactionPlan> plans) {
    StreamWork {
        marks = List.copyOf(marks);
        plans = List.copyOf(plans);
    }

    /// @param state which streams and blocks are left alone for now
    /// @return in the order of the plans
    static List<StreamWork> of(Planned planned, Collection<String> replicaLabels, RoundState state) {
        Set<SortedMap<String, String>> closed = state.closed();
        Map<SortedMap<String, String>, List<CompactionPlan>> plans = new LinkedHashMap<>();
        for (CompactionPlan plan : planned.plans()) {
            if (plan.sources().stream().noneMatch(state::isGivenUp)) {
                plans.computeIfAbsent(plan.stream().labels(), _ -> new ArrayList<>())
                        .add(plan);
            }
        }
        Map<SortedMap<String, String>, List<Planned.Marking>> marks = new LinkedHashMap<>();
        for (Planned.Marking marking : planned.marks()) {
            SortedMap<String, String> labels =
                    Stream.of(marking.block(), replicaLabels).labels();
            marks.computeIfAbsent(labels, _ -> new ArrayList<>()).add(marking);
            plans.putIfAbsent(labels, List.of());
        }
        List<StreamWork> work = new ArrayList<>();
        plans.forEach((labels, some) -> {
            if (!closed.contains(labels)) {
                work.add(new StreamWork(labels, marks.getOrDefault(labels, List.of()), some));
            }
        });
        return work;
    }
}
