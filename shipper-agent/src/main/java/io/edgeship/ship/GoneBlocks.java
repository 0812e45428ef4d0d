package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.ship.seal.ShippedWindows;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Forgets what was shipped once neither the block nor one merged from it is there, twice in a row: one look at the
/// directory may miss both while Prometheus replaces the one by the other. Not thread-safe.
final class GoneBlocks {
    private final Spool spool;
    private final ShippedWindows windows;
    private Set<BlockId> goneBefore = Set.of();

    GoneBlocks(Spool spool, ShippedWindows windows) {
        this.spool = spool;
        this.windows = windows;
    }

    /// Called under the spool's monitor.
    ///
    /// @param blocks that are in the data directory now
    void forget(List<Found> blocks) throws IOException {
        Set<BlockId> there = new HashSet<>();
        for (Found block : blocks) {
            there.add(block.meta().id());
            there.addAll(block.meta().compaction().sources()); // a merged block must still find what was sent of it
        }
        Set<BlockId> gone = new HashSet<>();
        for (ShippedRecord record : spool.shippedRecords()) {
            boolean mayCome =
                    there.contains(record.id()) || record.sources().stream().anyMatch(there::contains);
            if (!mayCome) {
                gone.add(record.id());
            }
        }
        for (ShippedRecord record : spool.shippedRecords()) {
            if (gone.contains(record.id()) && goneBefore.contains(record.id())) {
                windows.keep(record); // before it is forgotten: a cut between them keeps it twice
                spool.forgetShipped(record.id());
            }
        }
        goneBefore = gone;
    }
}
