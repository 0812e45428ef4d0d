package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What was shipped and is to be sent again from the data directory. Blocks on disk and records of what was shipped
/// belong together where they share level-1 sources (I9): a block may have been shipped under another ULID, or together
/// with others of its window.
public final class Reship {
    private Reship() {}

    /// What is asked for.
    public sealed interface Wanted {
        /// A block by its name at the site or in the bucket.
        record One(BlockId id) implements Wanted {}

        /// All that was shipped and has samples in `[fromMillis, toMillis)`.
        record Between(long fromMillis, long toMillis) implements Wanted {}
    }

    /// What is sent again together.
    ///
    /// @param merged whether a block on disk spans several that the bucket has: it would hold samples twice
    public record Unit(List<Found> blocks, List<ShippedRecord> records, boolean merged) {
        public Unit {
            blocks = List.copyOf(blocks);
            records = List.copyOf(records);
        }

        long fromMillis() {
            return blocks.stream()
                    .mapToLong(block -> block.meta().range().minTime())
                    .min()
                    .orElseThrow();
        }
    }

    /// @param gone in words: what is asked for and cannot be sent, and why
    public record Plan(List<Unit> units, List<String> gone) {}

    public static Plan plan(Wanted wanted, Path directory, Spool spool) throws IOException {
        return plan(wanted, BlockScan.of(directory).blocks(), spool.shippedRecords());
    }

    static Plan plan(Wanted wanted, List<Found> there, List<ShippedRecord> records) {
        List<Unit> units = new ArrayList<>();
        Set<String> gone = new LinkedHashSet<>();
        Set<Set<BlockId>> done = new HashSet<>();
        for (Set<BlockId> seed : seeds(wanted, there, records)) {
            Set<BlockId> kin = kin(seed, there, records);
            if (done.add(kin)) {
                judge(wanted, kin, there, records, units, gone);
            }
        }
        if (done.isEmpty() && wanted instanceof Wanted.One(var id)) {
            gone.add(id + ": neither shipped from here nor on disk");
        }
        return new Plan(units, List.copyOf(gone));
    }

    /// The sources of what is asked for, oldest first.
    private static List<Set<BlockId>> seeds(Wanted wanted, List<Found> there, List<ShippedRecord> records) {
        return switch (wanted) {
            case Wanted.One(var id) -> {
                List<Set<BlockId>> seeds = new ArrayList<>();
                records.stream().filter(one -> one.id().equals(id)).forEach(one -> seeds.add(sources(one)));
                there.stream().filter(one -> one.meta().id().equals(id)).forEach(one -> seeds.add(sources(one.meta())));
                yield seeds;
            }
            case Wanted.Between(long from, long to) ->
                records.stream()
                        .filter(one -> one.range().minTime() < to && one.range().maxTime() > from)
                        .sorted((a, b) ->
                                Long.compare(a.range().minTime(), b.range().minTime()))
                        .map(Reship::sources)
                        .toList();
        };
    }

    /// All sources that hang together with `seed`.
    private static Set<BlockId> kin(Set<BlockId> seed, List<Found> there, List<ShippedRecord> records) {
        Set<BlockId> kin = new TreeSet<>(seed);
        int before;
        do {
            before = kin.size();
            records.stream().map(Reship::sources).filter(one -> meet(one, kin)).forEach(kin::addAll);
            there.stream()
                    .map(one -> sources(one.meta()))
                    .filter(one -> meet(one, kin))
                    .forEach(kin::addAll);
        } while (kin.size() > before);
        return kin;
    }

    private static void judge(
            Wanted wanted,
            Set<BlockId> kin,
            List<Found> there,
            List<ShippedRecord> records,
            List<Unit> units,
            Set<String> gone) {
        List<Found> blocks =
                there.stream().filter(one -> meet(sources(one.meta()), kin)).toList();
        List<ShippedRecord> shipped =
                records.stream().filter(one -> meet(sources(one), kin)).toList();
        List<Found> merged =
                blocks.stream().filter(one -> isMerged(one.meta(), shipped)).toList();
        Set<BlockId> onDisk = new HashSet<>();
        blocks.forEach(one -> onDisk.addAll(sources(one.meta())));
        if (shipped.isEmpty()) {
            blocks.forEach(one -> gone.add(one.meta().id() + ": was not shipped yet: the agent decides about it"));
        } else if (merged.isEmpty() && onDisk.containsAll(kin)) {
            units.add(new Unit(blocks, shipped, false));
        } else if (!addMerged(wanted, merged, shipped, units)) {
            tellGone(wanted, shipped, merged, onDisk, gone);
        }
    }

    /// Adds a merged block that is asked for by its own name.
    private static boolean addMerged(Wanted wanted, List<Found> merged, List<ShippedRecord> shipped, List<Unit> units) {
        for (Found block : merged) {
            Set<BlockId> sources = sources(block.meta());
            List<ShippedRecord> its =
                    shipped.stream().filter(one -> meet(sources(one), sources)).toList();
            boolean whole = its.stream().allMatch(one -> sources.containsAll(sources(one)));
            if (whole && wanted.equals(new Wanted.One(block.meta().id()))) {
                units.add(new Unit(List.of(block), its, true));
                return true;
            }
        }
        return false;
    }

    private static void tellGone(
            Wanted wanted, List<ShippedRecord> shipped, List<Found> merged, Set<BlockId> onDisk, Set<String> gone) {
        for (ShippedRecord record : shipped) {
            boolean asked = switch (wanted) {
                case Wanted.One(var id) ->
                    record.id().equals(id) || sources(record).contains(id) || shipped.size() == 1;
                case Wanted.Between(long from, long to) ->
                    record.range().minTime() < to && record.range().maxTime() > from;
            };
            if (asked) {
                gone.add(merged.stream()
                        .filter(block -> sources(block.meta()).containsAll(sources(record)))
                        .findFirst()
                        .map(block ->
                                "%s: not on disk by itself any more; Prometheus merged it into %s, which --force sends"
                                        .formatted(record.id(), block.meta().id()))
                        .orElse(
                                meet(sources(record), onDisk)
                                        ? record.id() + ": only a part of it is still on disk"
                                        : record.id() + ": not on disk any more"));
            }
        }
    }

    /// What comes behind later data that was shipped before; a stock Thanos compactor may have merged around it.
    public static boolean comesBehind(Unit unit, List<ShippedRecord> records) {
        return records.stream()
                .filter(record -> !unit.records().contains(record))
                .anyMatch(record -> record.range().maxTime() > unit.fromMillis());
    }

    /// Takes the blocks into the spool: from here on the source may delete them. Cut off in between, the next scan
    /// finds blocks that were never shipped, and takes them.
    public static void run(Unit unit, Spool spool) throws IOException {
        synchronized (spool) {
            for (ShippedRecord record : unit.records()) {
                spool.forgetShipped(record.id());
            }
            for (Found block : unit.blocks()) {
                spool.take(block.meta().id(), block.dir());
            }
        }
    }

    private static boolean isMerged(BlockMeta meta, List<ShippedRecord> shipped) {
        return shipped.stream().noneMatch(one -> sources(one).containsAll(sources(meta)));
    }

    private static boolean meet(Set<BlockId> one, Set<BlockId> other) {
        return !Collections.disjoint(one, other);
    }

    private static Set<BlockId> sources(ShippedRecord record) {
        return record.sources().isEmpty() ? Set.of(record.id()) : Set.copyOf(record.sources());
    }

    private static Set<BlockId> sources(BlockMeta meta) {
        List<BlockId> sources = meta.compaction().sources();
        return sources.isEmpty() ? Set.of(meta.id()) : Set.copyOf(sources);
    }
}
