package io.edgeship.queue.link;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How the link fares, for people and metrics.
///
/// @param open           whether a request may go out now; before the store told the time, the small one that asks for
/// it
/// @param reason         why nothing, or only what is small, may go out; empty if anything may
/// @param opensAt        by the store's clock, where the link is closed and will open
/// @param bytesPerSecond on the wire, now; [LinkConfig#UNLIMITED], or 0 for closed
/// @param periods        the day and the month that are counted
/// @param exhausted      whether the budget has not enough left for the next piece
public record LinkStatus(
        boolean open,
        String reason,
        Optional<Instant> opensAt,
        long bytesPerSecond,
        List<Period> periods,
        boolean exhausted) {
    public LinkStatus {
        periods = List.copyOf(periods);
    }

    /// What was used up in a day or a month.
    ///
    /// @param name       `day` or `month`
    /// @param begin      `2026-11-25` or `2026-11`; empty before the store told the time
    /// @param usedBytes  on the wire
    /// @param limitBytes [LinkConfig#UNLIMITED] without a budget
    public record Period(String name, String begin, long usedBytes, long limitBytes) {
        public boolean isLimited() {
            return limitBytes < LinkConfig.UNLIMITED;
        }

        /// What went beyond the budget.
        public long overrunBytes() {
            return isLimited() ? Math.max(0, usedBytes - limitBytes) : 0;
        }
    }

    /// What went today, on the wire.
    public long todayBytes() {
        return periods.getFirst().usedBytes();
    }

    /// What went beyond the budget that is overrun most.
    public long overrunBytes() {
        return periods.stream().mapToLong(Period::overrunBytes).max().orElse(0);
    }
}
