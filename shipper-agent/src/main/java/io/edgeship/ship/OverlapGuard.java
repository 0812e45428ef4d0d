package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.ship.seal.ShippedWindow;
import io.edgeship.ship.seal.ShippedWindows;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The last look before a sealed block is sent: a stock Thanos compactor halts on a block over another. Sealing makes
/// none such, but what was sealed may have waited while its window went out in another block, or while `centre` was
/// changed.
final class OverlapGuard {
    private final Spool spool;
    private final ShippedWindows windows;
    private volatile boolean mergesLate;

    OverlapGuard(Spool spool) {
        this.spool = spool;
        windows = new ShippedWindows(spool);
    }

    /// @param centreMergesLate whether a block may be sent into a window that was shipped
    void lateMayGo(boolean centreMergesLate) {
        mergesLate = centreMergesLate;
    }

    /// Why a ready block must not be sent; empty if it may. One that has begun to be sent goes on.
    Optional<String> barred(Item item) throws IOException {
        return mergesLate ? Optional.empty() : barred(item, shipped());
    }

    private static Optional<String> barred(Item item, List<ShippedWindow> shipped) {
        if (WaitingBlocks.isBegun(item)) {
            return Optional.empty();
        }
        return shipped.stream()
                .map(ShippedWindow::range)
                .filter(range -> range.overlaps(item.range()))
                .findFirst()
                .map(OverlapGuard::why);
    }

    private static String why(TimeRange shipped) {
        return ("a block of %s to %s was shipped meanwhile, and a stock Thanos compactor halts on one over it: "
                        + "set centre: edgeship, or give it up by queue drop")
                .formatted(Instant.ofEpochMilli(shipped.minTime()), Instant.ofEpochMilli(shipped.maxTime()));
    }

    private List<ShippedWindow> shipped() throws IOException {
        synchronized (spool) {
            return windows.all();
        }
    }

    /// Adds to `held` what waits ready and must not be sent.
    void report(Map<BlockId, String> held) throws IOException {
        if (mergesLate) {
            return;
        }
        List<ShippedWindow> shipped = shipped(); // read once for all of them
        for (Item item : spool.ready()) {
            barred(item, shipped).ifPresent(reason -> held.put(item.id(), reason));
        }
    }
}
