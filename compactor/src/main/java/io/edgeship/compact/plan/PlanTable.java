package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.compact.plan.CompactionPlan.Cost;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.config.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a dry run prints: each plan, each mark, and why every other block is not taken.
public final class PlanTable {
    /// Of a plan's blocks; the JSON has them all.
    private static final int NAMED_MAX = 5;

    private PlanTable() {}

    /// For people.
    public static String print(Planned planned) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (CompactionPlan plan : planned.plans()) {
            text.append(plan(++number, plan));
        }
        for (Planned.Marking mark : planned.marks()) {
            text.append(
                    "mark for deletion: %s %s%n".formatted(mark.block().meta().id(), mark.why()));
        }
        text.append(total(planned));
        long marked = 0;
        for (Map.Entry<BlockId, String> one : planned.left().entrySet()) {
            boolean isMarked = one.getValue().startsWith(Sieve.MARKED);
            marked += isMarked ? 1 : 0;
            text.append(isMarked ? "" : "left: %s %s%n".formatted(one.getKey(), printable(one.getValue())));
        }
        text.append(marked == 0 ? "" : "left: %d blocks that are marked for deletion%n".formatted(marked));
        return text.toString();
    }

    private static String total(Planned planned) {
        Cost sum = sum(planned);
        String plans = planned.plans().isEmpty()
                ? "nothing to compact"
                : "%d plans: read %s, write %s, %d requests; the largest takes %s of memory"
                        .formatted(
                                planned.plans().size(),
                                Sizes.print(sum.readBytes()),
                                Sizes.print(sum.writeBytes()),
                                sum.requests(),
                                Sizes.print(sum.memoryBytes()));
        return "%s. %d marks. %d blocks left%n"
                .formatted(plans, planned.marks().size(), planned.left().size());
    }

    private static String plan(int number, CompactionPlan plan) {
        Cost cost = plan.cost();
        StringBuilder text = new StringBuilder(("plan %d: %d blocks of %s (%s) become %s, %s%n"
                        + "  read %s, write %s, %d requests, %s of memory; %s%n")
                .formatted(
                        number,
                        plan.sources().size(),
                        printable(labels(plan.stream().labels())),
                        Words.resolution(plan.stream().resolutionMillis()),
                        outputs(plan),
                        Words.range(plan.range()),
                        Sizes.print(cost.readBytes()),
                        Sizes.print(cost.writeBytes()),
                        cost.requests(),
                        Sizes.print(cost.memoryBytes()),
                        plan.why()));
        for (BucketBlock source :
                plan.sources().subList(0, Math.min(NAMED_MAX, plan.sources().size()))) {
            text.append("  from %s %s level %d, %s%n"
                    .formatted(
                            source.meta().id(),
                            Words.range(source.meta().range()),
                            source.meta().compaction().level(),
                            Sizes.print(source.sizeBytes())));
        }
        more(plan.sources().size(), text);
        List<BucketBlock> others = plan.outdated().stream()
                .filter(block -> !plan.sources().contains(block))
                .toList();
        others.stream()
                .limit(NAMED_MAX)
                .forEach(block -> text.append("  outdates %s (%s)%n"
                        .formatted(block.meta().id(), Words.resolution(block.resolutionMillis()))));
        more(others.size(), text);
        return text.toString();
    }

    private static void more(int all, StringBuilder text) {
        text.append(all > NAMED_MAX ? "  and %d more%n".formatted(all - NAMED_MAX) : "");
    }

    private static String outputs(CompactionPlan plan) {
        return plan.resolutions().stream().map(Words::resolution).collect(Collectors.joining(" + "));
    }

    private static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// Labels are what a site wrote: no control character of theirs reaches a terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    /// The sum of all, and the memory of the largest.
    private static Cost sum(Planned planned) {
        Cost sum = new Cost(0, 0, 0, 0, 0);
        for (CompactionPlan plan : planned.plans()) {
            Cost cost = plan.cost();
            sum = new Cost(
                    Sieve.plus(sum.readBytes(), cost.readBytes()),
                    Sieve.plus(sum.writeBytes(), cost.writeBytes()),
                    Sieve.plus(sum.requests(), cost.requests()),
                    Math.max(sum.memoryBytes(), cost.memoryBytes()),
                    Math.max(sum.windowBytes(), cost.windowBytes()));
        }
        return sum;
    }

    /// For scripts: `{"plans": […], "marks": […], "left": {ULID: reason}}`.
    public static JsonObject json(Planned planned) {
        List<JsonObject> marks = new ArrayList<>();
        for (Planned.Marking mark : planned.marks()) {
            marks.add(JsonObject.empty()
                    .with("ulid", mark.block().meta().id().toString())
                    .with("why", mark.why()));
        }
        Map<String, String> left = new TreeMap<>();
        planned.left().forEach((id, why) -> left.put(id.toString(), why));
        return JsonObject.empty()
                .with("plans", planned.plans().stream().map(PlanTable::json).toList())
                .with("marks", marks)
                .with("left", left);
    }

    private static JsonObject json(CompactionPlan plan) {
        return JsonObject.empty()
                .with("labels", plan.stream().labels())
                .with("resolution", plan.stream().resolutionMillis())
                .with("minTime", plan.range().minTime())
                .with("maxTime", plan.range().maxTime())
                .with(
                        "outputs",
                        plan.resolutions().stream().map(PlanTable::output).toList())
                .with("sources", names(plan.sources()))
                .with("outdated", names(plan.outdated()))
                .with("vertical", plan.isVertical())
                .with("read_bytes", plan.cost().readBytes())
                .with("write_bytes", plan.cost().writeBytes())
                .with("requests", plan.cost().requests())
                .with("memory_bytes", plan.cost().memoryBytes())
                .with("why", plan.why());
    }

    private static JsonObject output(long resolutionMillis) {
        return JsonObject.empty().with("resolution", resolutionMillis);
    }

    private static List<String> names(List<BucketBlock> blocks) {
        return blocks.stream()
                .map(block -> block.meta().id())
                .map(BlockId::toString)
                .toList();
    }
}
