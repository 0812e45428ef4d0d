package io.edgeship.queue.link;

import io.edgeship.queue.link.LinkConfig.BudgetLimits;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Counts what goes over the link a day and a month, so that neither a restart nor a kill forgets a byte.
///
/// Bytes are set aside on disk before they go, in steps large enough to spare an SD card: a crash counts at most one
/// step too many, and none too few. What cannot be read back counts as used up, for else a damaged file would be a
/// fresh budget; a file that is not there is one.
///
/// Days and months begin by the store's clock alone, a little later than midnight as the site's delay says. A clock
/// that goes back begins nothing again: the day counted goes on until the clock is past it. Thread-safe.
final class Budget {
    static final long STEP_BYTES_MIN = 256 << 10;

    /// Where nothing is limited, what is counted is of interest only.
    static final long STEP_BYTES_UNLIMITED = 16 << 20;

    /// Replies and heads are counted once they went: so much is set aside for them at least.
    static final long AHEAD_BYTES = 72 << 10;

    /// Below what the smallest piece takes, nothing is left.
    static final long BODY_BYTES_MIN = 64 << 10;

    static final Duration BEYOND_EVERY = Duration.ofHours(1);

    private static final Log LOG = Log.of(Budget.class);

    private final LinkConfig config;
    private final BudgetLimits limits;
    private final Duration delay;
    private final BudgetStore store;
    private final long stepBytes;

    private @Nullable LocalDate day;
    private @Nullable YearMonth month;
    private @Nullable Instant beyondAt;
    private long dayBytes; // used
    private long monthBytes;
    private long aheadBytes; // on disk as used, but not used yet
    private long wantedBytes = BODY_BYTES_MIN; // smallest body that was refused in this period

    /// @param delay by which a day begins later than midnight
    Budget(LinkConfig config, Duration delay, BudgetStore store) throws IOException {
        this.config = config;
        this.limits = config.budget();
        this.delay = delay;
        this.store = store;
        stepBytes = limits.isLimited()
                ? Math.max(STEP_BYTES_MIN, Math.min(limits.dailyBytes(), limits.monthlyBytes()) / 100)
                : STEP_BYTES_UNLIMITED;
        load();
    }

    private void load() throws IOException {
        Optional<byte[]> saved = store.load();
        BudgetState.Read read = saved.map(BudgetState::read).orElseGet(() -> new BudgetState.Read(BudgetState.NEW, ""));
        BudgetState state = read.state();
        day = state.day();
        month = state.month();
        beyondAt = state.beyondAt();
        dayBytes = usedOf(state.dayBytes(), limits.dailyBytes());
        monthBytes = usedOf(state.monthBytes(), limits.monthlyBytes());
        if (!read.problem().isEmpty()) {
            LOG.error(
                    "count of the link's budget not readable; what is not known counts as used up",
                    "problem",
                    read.problem(),
                    "day_bytes",
                    dayBytes,
                    "month_bytes",
                    monthBytes);
        }
    }

    static long usedOf(long bytes, long limitBytes) {
        if (bytes != BudgetState.UNREADABLE) {
            return bytes;
        }
        return limitBytes == LinkConfig.UNLIMITED ? 0 : limitBytes;
    }

    /// Begins the day and the month that it is, if they are later than those counted.
    ///
    /// @param now by the store's clock
    synchronized void at(Instant now) {
        LocalDate today = now.minus(delay).atZone(limits.zone()).toLocalDate();
        if (day == null || today.isAfter(day)) {
            dayBytes = day == null ? dayBytes : 0; // what went before the time was known is of this day
            day = today;
            began();
        }
        YearMonth thisMonth = YearMonth.from(today);
        if (month == null || thisMonth.isAfter(month)) {
            monthBytes = month == null ? monthBytes : 0;
            month = thisMonth;
            began();
        }
    }

    private void began() {
        aheadBytes = 0; // what is on disk counts for the period before
        wantedBytes = BODY_BYTES_MIN;
    }

    /// Why something may not go, and when the period begins in which it may; empty if that never comes.
    record Refusal(String why, Optional<Instant> until) {}

    /// Whether a request with such a body is more than what is left.
    synchronized Optional<Refusal> refusal(long bodyBytes) {
        long cost = config.cost(bodyBytes);
        if (cost <= leftBytes()) {
            return Optional.empty();
        }
        wantedBytes = Math.max(BODY_BYTES_MIN, Math.min(bodyBytes, config.largestBodyBytes()));
        return Optional.of(refusalOf(cost));
    }

    /// Whether what is left does not suffice for what was refused last, or else for the smallest piece.
    synchronized Optional<Refusal> exhausted() {
        long cost = config.cost(wantedBytes);
        return cost <= leftBytes() ? Optional.empty() : Optional.of(refusalOf(cost));
    }

    private Refusal refusalOf(long cost) {
        if (cost > limits.monthlyBytes() - monthBytes) {
            return refusal("monthly", cost, monthBytes, limits.monthlyBytes(), nextMonth());
        }
        return refusal("daily", cost, dayBytes, limits.dailyBytes(), nextDay());
    }

    private static Refusal refusal(String name, long cost, long used, long limit, Optional<Instant> next) {
        String budget = "the %s budget of %s".formatted(name, Sizes.print(limit));
        if (cost > limit) {
            return new Refusal(budget + " is less than a request takes: " + Sizes.print(cost), Optional.empty());
        }
        return new Refusal(budget + " is used up: " + Sizes.print(Math.max(0, limit - used)) + " left", next);
    }

    private Optional<Instant> nextDay() {
        return Optional.ofNullable(day).map(it -> beginOf(it.plusDays(1)));
    }

    private Optional<Instant> nextMonth() {
        return Optional.ofNullable(month).map(it -> beginOf(it.plusMonths(1).atDay(1)));
    }

    private Instant beginOf(LocalDate date) {
        return date.atStartOfDay(limits.zone()).toInstant().plus(delay);
    }

    private long leftBytes() {
        return Math.min(
                limits.dailyBytes() == LinkConfig.UNLIMITED ? LinkConfig.UNLIMITED : limits.dailyBytes() - dayBytes,
                limits.monthlyBytes() == LinkConfig.UNLIMITED
                        ? LinkConfig.UNLIMITED
                        : limits.monthlyBytes() - monthBytes);
    }

    /// Makes sure that so many bytes may go without being forgotten: they are on disk as used before they are.
    synchronized void setAside(long wireBytes) throws IOException {
        if (aheadBytes >= wireBytes) {
            return;
        }
        long left = leftBytes();
        long step = left > 0 ? Math.min(stepBytes, left) : stepBytes; // beyond the budget steps spare the disk, too
        save(Math.max(step, wireBytes));
    }

    /// Counts what went.
    synchronized void count(long wireBytes) {
        dayBytes += wireBytes;
        monthBytes += wireBytes;
        aheadBytes -= wireBytes;
    }

    /// Whether a small request may pass though nothing is left, so that the centre knows that the site lives: one an
    /// hour.
    synchronized boolean mayPassBeyond(Instant now) throws IOException {
        if (beyondAt != null && now.isBefore(beyondAt.plus(BEYOND_EVERY))) {
            return false;
        }
        beyondAt = now;
        save(Math.max(0, aheadBytes)); // or every restart would let one pass
        return true;
    }

    /// Writes down the exact count: nothing is set aside any more.
    synchronized void settle() throws IOException {
        save(0);
    }

    private void save(long ahead) throws IOException {
        BudgetState state = new BudgetState(day, dayBytes + ahead, month, monthBytes + ahead, beyondAt);
        store.save(state.toJson()); // commit point
        aheadBytes = ahead;
    }

    synchronized List<LinkStatus.Period> periods() {
        return List.of(
                new LinkStatus.Period("day", day == null ? "" : day.toString(), dayBytes, limits.dailyBytes()),
                new LinkStatus.Period(
                        "month", month == null ? "" : month.toString(), monthBytes, limits.monthlyBytes()));
    }
}
