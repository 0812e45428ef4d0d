package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.compact.plan.Planned.Kind;
import io.edgeship.compact.plan.Planned.Marking;
import io.edgeship.compact.plan.Sieve.State;
import io.edgeship.compact.plan.StreamPlanner.Part;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.fleet.SiteReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides what is compacted, downsampled and merged in; the rules are on the package's page. Pure functions.
public final class Planner {
    private final PlanRules rules;
    private final Windows windows;
    private final long nowMillis;
    private final SortedMap<BlockId, String> left = new TreeMap<>();
    private final List<Marking> marks = new ArrayList<>();
    private final List<List<CompactionPlan>> plans = new ArrayList<>();

    private Planner(PlanRules rules, long nowMillis) {
        this.rules = rules;
        this.nowMillis = nowMillis;
        windows = new Windows(rules);
    }

    /// @param now by the store's clock
    public static Planned plan(BucketView view, Instant now, PlanRules rules) {
        Planner planner = new Planner(rules, BucketBlock.millis(now));
        Map<String, List<SiteReport>> reports = new HashMap<>();
        for (SiteReport report : view.reports()) {
            reports.computeIfAbsent(report.site(), _ -> new ArrayList<>()).add(report);
        }
        Set<BlockId> committed = new HashSet<>();
        view.blocks().forEach(block -> committed.add(block.meta().id()));
        List<BlockId> unread = view.partial().stream()
                .filter(block -> block.state() == PartialBlock.State.UNREAD)
                .map(PartialBlock::id)
                .toList();
        planner.streams(view).forEach((labels, parts) -> {
            String site = labels.getOrDefault(rules.siteLabel(), "");
            planner.stream(parts, new Waits.Site(reports.getOrDefault(site, List.of()), committed, unread));
        });
        planner.marks.sort(Comparator.comparing(mark -> mark.block().meta().id()));
        return new Planned(PlanOrder.fair(planner.plans), planner.marks, planner.left);
    }

    /// What may be done with each block, by the labels of its stream. What nobody may touch is in none.
    private Map<SortedMap<String, String>, List<Part>> streams(BucketView view) {
        Sieve sieve = new Sieve(rules, nowMillis);
        Map<SortedMap<String, String>, List<Part>> streams = new HashMap<>();
        for (BucketBlock block : view.blocks()) {
            Part part = new Part(block, sieve.of(block));
            if (part.found().state() == State.GONE) {
                left.put(block.meta().id(), part.found().why());
            } else {
                streams.computeIfAbsent(Stream.of(block, rules.replicaLabels()).labels(), _ -> new ArrayList<>())
                        .add(part);
            }
        }
        return streams;
    }

    private void stream(List<Part> parts, Waits.Site site) {
        Set<BlockId> outdated = new HashSet<>();
        for (long resolution : Sieve.RESOLUTIONS) {
            outdated.addAll(outdated(parts.stream()
                    .filter(part -> part.block().resolutionMillis() == resolution)
                    .toList()));
        }
        List<Part> live = new ArrayList<>();
        for (Part part : parts) {
            BucketBlock block = part.block();
            if (part.found().state() == State.EMPTY && rules.compacts()) {
                marks.add(new Marking(block, Kind.EMPTY, part.found().why()));
            } else if (part.found().state() == State.EMPTY) {
                left.put(block.meta().id(), part.found().why());
            } else if (!outdated.contains(block.meta().id())) {
                live.add(part);
            }
        }
        Waits waits = new Waits(
                rules, windows, nowMillis, parts.stream().map(Part::block).toList(), site);
        Notes notes = new Notes();
        new StreamPlanner(rules, windows, nowMillis, waits, notes, live).plan();
        left.putAll(notes.left());
        if (!notes.plans().isEmpty()) {
            plans.add(notes.plans());
        }
    }

    /// Marks what another block of the same resolution makes superfluous, and tells which blocks that are.
    private Set<BlockId> outdated(List<Part> parts) {
        Map<BlockId, State> states = new HashMap<>();
        List<BucketBlock> blocks = new ArrayList<>();
        for (Part part : parts) {
            states.put(part.block().meta().id(), part.found().state());
            if (part.found().state() != State.YOUNG && part.found().state() != State.EMPTY) {
                blocks.add(part.block());
            }
        }
        Set<BlockId> ids = new HashSet<>();
        for (Lineage.Outdated one : Lineage.outdated(
                blocks,
                block -> isSound(Objects.requireNonNull(states.get(block.meta().id()))))) {
            BlockId by = one.by().meta().id();
            ids.add(one.block().meta().id());
            if (rules.compacts()) {
                marks.add(new Marking(one.block(), Kind.OUTDATED, "block %s holds all its sources".formatted(by)));
            } else {
                left.put(one.block().meta().id(), "is outdated by block " + by);
            }
        }
        return ids;
    }

    private static boolean isSound(State state) {
        return state == State.USABLE || state == State.NO_COMPACT;
    }
}
