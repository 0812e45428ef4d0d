package io.edgeship.compact.intake;

import io.edgeship.block.BlockId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The oldest receipts of each spool that a listing showed, a bounded number of each: one spool whose receipts must
/// stay keeps no other's from being removed. For one listing; not thread-safe.
final class OldReceipts {
    /// More than a spool gets in a day, and a day has many cycles.
    static final int OF_SPOOL_MAX = 100;

    private final Map<String, Map<String, PriorityQueue<Entry>>> spools = new TreeMap<>();

    /// @param atMillis when it was written, by the store's clock
    record Entry(BlockId id, long atMillis) {}

    /// @param receipts oldest first
    record OfSpool(String site, String incarnation, List<Entry> receipts) {
        OfSpool {
            receipts = List.copyOf(receipts);
        }

        OfSpool without(Predicate<BlockId> excluded) {
            return new OfSpool(
                    site,
                    incarnation,
                    receipts.stream()
                            .filter(receipt -> !excluded.test(receipt.id()))
                            .toList());
        }
    }

    void add(String site, String incarnation, Entry receipt) {
        PriorityQueue<Entry> newestFirst = spools.computeIfAbsent(site, _ -> new TreeMap<>())
                .computeIfAbsent(
                        incarnation,
                        _ -> new PriorityQueue<>(
                                Comparator.comparingLong(Entry::atMillis).reversed()));
        newestFirst.add(receipt);
        if (newestFirst.size() > OF_SPOOL_MAX) {
            newestFirst.remove();
        }
    }

    List<OfSpool> ofSpools() {
        List<OfSpool> all = new ArrayList<>();
        spools.forEach((site, ofSite) -> ofSite.forEach((incarnation, receipts) -> all.add(new OfSpool(
                site,
                incarnation,
                receipts.stream()
                        .sorted(Comparator.comparingLong(Entry::atMillis))
                        .toList()))));
        return all;
    }
}
