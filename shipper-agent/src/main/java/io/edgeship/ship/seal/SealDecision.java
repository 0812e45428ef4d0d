package io.edgeship.ship.seal;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides what sealing does with a block; a pure function of the block and of what else the spool knows.
///
/// The bucket gets one block for each stretch of time of a source: what overlaps is merged before it is shipped, and
/// what overlaps a shipped window is cut down to the rest, sent as late, or held.
public final class SealDecision {
    /// A window's regular block is cut half a window after its end. Only where the source is down it takes longer.
    private static final int WINDOWS_WAITED = 12;

    private static final String OVER_SHIPPED =
            "what it may hold beyond what was shipped lies in shipped windows, which a stock Thanos compactor halts on: "
                    + "set centre: edgeship, or drop it";

    private final WaitingBlock block;
    private final List<WaitingBlock> others;
    private final Collection<ShippedWindow> shipped;
    private final Rules rules;

    /// Those of `shipped` that are no parts of the block. What a part says of its sources proves nothing: it may hold
    /// no more than a stretch of each.
    private final List<ShippedWindow> foreign;

    /// @param mergesLate whether the centre merges a block into a window that it has
    /// @param now        by this machine's clock, which is that of the source
    public record Rules(boolean mergesLate, Instant now) {}

    private SealDecision(
            WaitingBlock block, List<WaitingBlock> others, Collection<ShippedWindow> shipped, Rules rules) {
        this.block = block;
        this.others = others;
        this.shipped = shipped;
        this.rules = rules;
        foreign = shipped.stream()
                .filter(window -> !block.hasPart(window.range(), window.sources()))
                .toList();
    }

    /// @param others  that wait too, without those that `block` was merged from
    /// @param shipped in the life of the spool
    public static SealPlan decide(
            WaitingBlock block, Collection<WaitingBlock> others, Collection<ShippedWindow> shipped, Rules rules) {
        List<WaitingBlock> rest =
                others.stream().filter(other -> !other.id().equals(block.id())).toList();
        return new SealDecision(block, rest, shipped, rules).plan();
    }

    private SealPlan plan() {
        if (block.flaw() instanceof WaitingBlock.Flaw.Unknown(var what)) {
            return new SealPlan.Hold(what);
        }
        List<TimeRange> free = free(block);
        boolean overlaps = !free.equals(List.of(block.range()));
        if (overlaps && block.bound() && !rules.mergesLate()) {
            return new SealPlan.Hold(OVER_SHIPPED);
        }
        if (overlaps && !block.bound() && (!rules.mergesLate() || shippedPartIsKnown())) {
            return cut(free);
        }
        if (overlaps) {
            return fitOr(new SealPlan.Late("its window was shipped before"));
        }
        List<WaitingBlock> group = group();
        Optional<String> wait = waitsFor(group);
        if (wait.isPresent()) {
            return new SealPlan.Wait(wait.get());
        }
        if (group.size() > 1) {
            return rewrite(group, "%d blocks of one window become one".formatted(group.size()));
        }
        return fitOr(new SealPlan.Plain());
    }

    /// What of a block's time neither the bucket nor something on its way there covers, in order.
    private List<TimeRange> free(WaitingBlock one) {
        Stream<TimeRange> sent = shipped.stream().map(ShippedWindow::range);
        Stream<TimeRange> going = others.stream()
                .filter(other -> !other.id().equals(one.id()))
                .filter(other -> other.bound() || one.hasPart(other.range(), other.origins()))
                .map(WaitingBlock::range);
        return Stretches.without(one.range(), Stream.concat(sent, going).toList());
    }

    /// Whether nothing of the block can be new in shipped windows: each source that was not shipped lies elsewhere.
    private boolean shippedPartIsKnown() {
        Set<BlockId> owed = owed();
        return owed.size() < block.origins().size()
                && owed.stream().allMatch(source -> {
                    TimeRange range = block.parents().get(source);
                    return range != null
                            && foreign.stream()
                                    .noneMatch(window -> window.range().overlaps(range));
                });
    }

    /// Sources of the block that were not shipped.
    private Set<BlockId> owed() {
        Set<BlockId> owed = new HashSet<>(block.origins());
        foreign.forEach(window -> owed.removeAll(window.sources()));
        return owed;
    }

    /// Whether each source was shipped whole in another block, or within a part that was cut out of this one.
    private boolean allWasShipped() {
        List<TimeRange> all = shipped.stream().map(ShippedWindow::range).toList();
        List<TimeRange> parts = shipped.stream()
                .filter(window -> !foreign.contains(window))
                .map(ShippedWindow::range)
                .toList();
        return isWithin(block.range(), all)
                && owed().stream().allMatch(source -> isWithin(block.parents().get(source), parts));
    }

    private static boolean isWithin(@Nullable TimeRange range, List<TimeRange> others) {
        return range != null && Stretches.without(range, others).isEmpty();
    }

    /// One stretch after the other: two in one block would span what lies between them.
    private SealPlan cut(List<TimeRange> free) {
        boolean known = shippedPartIsKnown();
        if (allWasShipped()) {
            return new SealPlan.Nothing();
        }
        if (free.isEmpty()) {
            return new SealPlan.Hold(OVER_SHIPPED);
        }
        boolean last = known && free.size() == 1;
        Set<BlockId> origins = known ? owed() : new HashSet<>();
        origins.add(block.id()); // so that the part is known for one
        return new SealPlan.Rewrite(
                List.of(block.id()),
                last ? List.of(block.id()) : List.of(),
                Optional.of(free.getFirst()),
                origins.stream().sorted().toList(),
                "cut to what lies in no shipped window");
    }

    private SealPlan fitOr(SealPlan plan) {
        if (block.mendable().isPresent()) {
            return rewrite(List.of(block), block.mendable().get());
        }
        return block.reduced() ? plan : rewrite(List.of(block), "reduced as configured");
    }

    /// What one other holds whole is left out, but goes with it.
    private static SealPlan rewrite(List<WaitingBlock> group, String reason) {
        if (!group.stream().allMatch(WaitingBlock::settled)) {
            return new SealPlan.Wait("it was written a moment ago, and another of its window may follow");
        }
        List<BlockId> parents = group.stream().map(WaitingBlock::id).sorted().toList();
        List<BlockId> sources = group.stream()
                .filter(one -> group.stream().noneMatch(other -> holdsAllOf(other, one)))
                .map(WaitingBlock::id)
                .sorted()
                .toList();
        List<BlockId> origins = group.stream()
                .flatMap(one -> one.origins().stream())
                .distinct()
                .sorted()
                .toList();
        return new SealPlan.Rewrite(sources, parents, Optional.empty(), origins, reason);
    }

    private static boolean holdsAllOf(WaitingBlock other, WaitingBlock one) {
        return other.origins().size() > one.origins().size() && other.origins().containsAll(one.origins());
    }

    /// The block, and all that overlap it, directly or through others, and can be written anew with it.
    private List<WaitingBlock> group() {
        List<WaitingBlock> candidates = new ArrayList<>(others.stream()
                .filter(other -> !other.bound() && !block.hasPart(other.range(), other.origins()))
                .filter(other -> !(other.flaw() instanceof WaitingBlock.Flaw.Unknown))
                .filter(other -> free(other).equals(List.of(other.range())))
                .toList());
        List<WaitingBlock> group = new ArrayList<>(List.of(block));
        if (block.bound()) {
            return group;
        }
        for (int i = 0; i < group.size(); i++) {
            TimeRange range = group.get(i).range();
            List<WaitingBlock> touching = candidates.stream()
                    .filter(other -> other.range().overlaps(range))
                    .toList();
            group.addAll(touching);
            candidates.removeAll(touching);
        }
        return group;
    }

    /// Extra blocks wait for the regular one of their window, while it can still come.
    private Optional<String> waitsFor(List<WaitingBlock> group) {
        long extraEnd = end(group.stream().filter(WaitingBlock::extra));
        long regularEnd = end(group.stream().filter(one -> !one.extra()));
        if (regularEnd >= extraEnd) {
            return Optional.empty();
        }
        boolean laterOne = others.stream()
                        .anyMatch(other -> !other.extra() && other.range().minTime() >= extraEnd)
                || shipped.stream().anyMatch(window -> window.range().minTime() >= extraEnd);
        long patience =
                WINDOWS_WAITED * (block.range().maxTime() - block.range().minTime());
        long waited = rules.now().toEpochMilli() - extraEnd;
        boolean clockWasSetBack = waited <= -patience; // what would come, would come in years
        return laterOne || waited >= patience || clockWasSetBack
                ? Optional.empty()
                : Optional.of("it waits for the regular block of its window, at most until "
                        + Instant.ofEpochMilli(extraEnd + patience));
    }

    private static long end(Stream<WaitingBlock> blocks) {
        return blocks.mapToLong(one -> one.range().maxTime()).max().orElse(Long.MIN_VALUE);
    }
}
