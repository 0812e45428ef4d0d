package io.edgeship.queue.link;

import io.edgeship.queue.link.LinkConfig.BudgetLimits;
import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/// Plays a link through, from one change of its rate or its budgets to the next.
final class BacklogRun {
    static final Duration HORIZON = Duration.ofDays(10 * 365);

    /// Ten years of a window that opens every two minutes.
    private static final int STEPS_MAX = 6_000_000;

    private static final long PIECE_BYTES = 1 << 20;

    private final LinkConfig config;
    private final BudgetLimits limits;
    private final LinkSchedule schedule;
    private final Duration delay;
    private final Instant begin;
    private final long linkBytesPerSecond;
    private final Duration horizon;

    private Instant now;
    private LocalDate day;
    private long dayBytes;
    private long monthBytes;
    private long busiestDayBytes;
    private long busiestMonthBytes;

    BacklogRun(
            LinkConfig config,
            String site,
            Instant now,
            long linkBytesPerSecond,
            Optional<byte[]> keptCount,
            Duration horizon) {
        if (linkBytesPerSecond <= 0) {
            throw new IllegalArgumentException("a link of " + linkBytesPerSecond + " bytes a second");
        }
        this.config = config;
        this.linkBytesPerSecond = linkBytesPerSecond;
        this.now = now;
        this.horizon = horizon;
        begin = now;
        limits = config.budget();
        schedule = new LinkSchedule(config, site);
        delay = LinkSchedule.delay(site, config.jitter());
        day = dayOf(now);
        keptCount.map(BudgetState::read).map(BudgetState.Read::state).ifPresent(this::goOnFrom);
    }

    private void goOnFrom(BudgetState kept) {
        if (kept.day() == null || !day.isAfter(kept.day())) {
            dayBytes = Budget.usedOf(kept.dayBytes(), limits.dailyBytes());
        }
        if (kept.month() == null || !YearMonth.from(day).isAfter(kept.month())) {
            monthBytes = Budget.usedOf(kept.monthBytes(), limits.monthlyBytes());
        }
    }

    BacklogEstimate send(long backlogBytes) {
        long pieces = (backlogBytes + PIECE_BYTES - 1) / PIECE_BYTES;
        long wireBytes = config.onWire(backlogBytes + pieces * LinkConfig.HEAD_BYTES);
        long left = wireBytes;
        for (int step = 0; left > 0; step++) {
            String never = step == 0 ? whyNever(wireBytes) : "";
            if (step == STEPS_MAX || now.isAfter(begin.plus(horizon))) {
                never = "%s would still wait after %d years; raise rate or budgets"
                        .formatted(Sizes.print(left), horizon.toDays() / 365);
            }
            if (!never.isEmpty()) {
                return new BacklogEstimate.Never(backlogBytes, wireBytes, never);
            }
            left -= step(left);
        }
        return new BacklogEstimate.Done(
                backlogBytes, wireBytes, begin, now, busiestDayBytes, busiestMonthBytes, limits);
    }

    private String whyNever(long wireBytes) {
        if (schedule.opensAt(now).isEmpty()) {
            return "link.rate is 0 and no window ever opens";
        }
        long smallest = Math.min(limits.dailyBytes(), limits.monthlyBytes());
        long piece = config.cost(Budget.BODY_BYTES_MIN);
        return smallest < Math.min(wireBytes, piece)
                ? "a budget of %s is less than a piece takes, %s".formatted(Sizes.print(smallest), Sizes.print(piece))
                : "";
    }

    /// Sends what can be sent until rate or day change, or all is sent.
    ///
    /// @return bytes on the wire
    private long step(long leftBytes) {
        LinkSchedule.Phase phase = schedule.at(now);
        Instant dayEnd = day.plusDays(1).atStartOfDay(limits.zone()).toInstant().plus(delay);
        Instant end = phase.until().isBefore(dayEnd) ? phase.until() : dayEnd;
        long rate = Math.min(phase.bytesPerSecond(), linkBytesPerSecond);
        double nanos = Duration.between(now, end).toNanos();
        long budget = Math.max(0, Math.min(limits.dailyBytes() - dayBytes, limits.monthlyBytes() - monthBytes));
        long sent = Math.min(Math.min(leftBytes, budget), (long) (nanos / 1e9 * rate));
        count(sent);
        if (sent == leftBytes) {
            now = now.plusNanos((long) (sent * 1e9 / rate));
        } else {
            now = end;
            beginDay(dayOf(now));
        }
        return sent;
    }

    private void count(long bytes) {
        dayBytes += bytes;
        monthBytes += bytes;
        busiestDayBytes = Math.max(busiestDayBytes, bytes == 0 ? 0 : dayBytes);
        busiestMonthBytes = Math.max(busiestMonthBytes, bytes == 0 ? 0 : monthBytes);
    }

    private void beginDay(LocalDate today) {
        if (today.isAfter(day)) {
            dayBytes = 0;
            monthBytes = YearMonth.from(today).isAfter(YearMonth.from(day)) ? 0 : monthBytes;
            day = today;
        }
    }

    private LocalDate dayOf(Instant time) {
        return time.minus(delay).atZone(limits.zone()).toLocalDate();
    }
}
