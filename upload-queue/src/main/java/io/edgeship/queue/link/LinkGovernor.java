package io.edgeship.queue.link;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Link;
import io.edgeship.queue.link.LinkConfig.OnExhausted;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Watches over a site's link: holds requests back outside of windows and beyond budgets, keeps bodies to the rate, and
/// counts what went. `docs/reference/link.md` says how.
///
/// What is under way when a window closes or a budget runs out is finished. Days, months and windows go by the store's
/// clock: before it told the time one small request passes, for its reply tells it. Close it last, to keep the exact
/// count; a crash counts a step too many. Thread-safe.
public final class LinkGovernor implements Link, AutoCloseable {
    /// What the count is kept under.
    public static final String BUDGET_FILE = "link-budget.json";

    /// A request for the time: any without a body, a heartbeat.
    static final long SMALL_BODY_BYTES_MAX = 4 << 10;

    /// What may pass once an hour though the budget is used up.
    static final long HEARTBEAT_BODY_BYTES_MAX = 16 << 10;

    /// The system may take in so much of a body before the link does.
    static final long SWALLOWED_BYTES_MAX = 4 << 20;

    static final long ASSUMED_BYTES_PER_SECOND = 8 << 10;

    private static final int STALL_PATIENCE = 4;
    private static final String NO_TIME = "the store has not told the time yet, by which windows and budget go";
    private static final ScopedValue<Boolean> BEYOND_BUDGET = ScopedValue.newInstance();
    private static final Log LOG = Log.of(LinkGovernor.class);

    private final LinkConfig config;
    private final Supplier<Optional<Instant>> storeTime;
    private final LinkSchedule schedule;
    private final Budget budget;
    private final TokenBucket tokens;
    private final SpeedSeen speed;
    private final TimeAsking asking;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicBoolean unkept = new AtomicBoolean();

    /// @param storeTime the store's clock; empty while it is not known
    /// @throws IOException if the count so far cannot be read; damaged content is logged and counts as used up
    public LinkGovernor(LinkConfig config, String site, Supplier<Optional<Instant>> storeTime, BudgetStore store)
            throws IOException {
        this(config, site, storeTime, store, System::nanoTime, Sleeper.SYSTEM);
    }

    /// For simulated time.
    ///
    /// @param nanoTime of a clock that goes on while `sleeper` sleeps
    public LinkGovernor(
            LinkConfig config,
            String site,
            Supplier<Optional<Instant>> storeTime,
            BudgetStore store,
            LongSupplier nanoTime,
            Sleeper sleeper)
            throws IOException {
        this.config = config;
        this.storeTime = storeTime;
        schedule = new LinkSchedule(config, site);
        budget = new Budget(config, LinkSchedule.delay(site, config.jitter()), store);
        long rate = config.bytesPerSecond() > 0 ? config.bytesPerSecond() : LinkConfig.UNLIMITED;
        tokens = new TokenBucket(rate, config.burstBytesAt(rate), nanoTime, sleeper);
        speed = new SpeedSeen((double) ASSUMED_BYTES_PER_SECOND, nanoTime);
        asking = new TimeAsking(nanoTime);
    }

    /// Runs `action` so that its requests pass although the budget is used up, where the configuration says
    /// `freshest_only`; elsewhere it changes nothing. Windows and rate hold. It knows nothing of the requests that
    /// `action` makes on other threads.
    public <T> T beyondBudget(Callable<T> action) throws Exception {
        return ScopedValue.where(BEYOND_BUDGET, config.budget().onExhausted() == OnExhausted.FRESHEST_ONLY)
                .call(action::call);
    }

    @Override
    public void admit(long bodyBytes) throws BucketException.HeldBack {
        storeTime.get().ifPresent(budget::at);
        Optional<Instant> now = now();
        try {
            if (now.isPresent()) {
                checkWindows(now.get());
                checkBudget(bodyBytes, now.get());
            } else if (bodyBytes > SMALL_BODY_BYTES_MAX || !asking.ask(sentBytes.get())) {
                throw new BucketException.HeldBack(NO_TIME);
            }
            budget.setAside(aheadBytes(0));
        } catch (BucketException.HeldBack e) {
            throw e;
        } catch (IOException e) {
            unkept(e);
            if (config.budget().isLimited()) {
                throw new BucketException.HeldBack("the budget's count cannot be kept on disk: " + e.getMessage());
            }
        }
        speed.began(bodyBytes, sentBytes.get());
    }

    private void checkWindows(Instant now) throws BucketException.HeldBack {
        if (!schedule.at(now).isOpen()) {
            throw new BucketException.HeldBack(closedUntil(schedule.opensAt(now)));
        }
    }

    private void checkBudget(long bodyBytes, Instant now) throws IOException {
        Optional<Budget.Refusal> refusal = isBeyondBudget() ? Optional.empty() : budget.refusal(bodyBytes);
        if (refusal.isPresent() && !(bodyBytes <= HEARTBEAT_BODY_BYTES_MAX && budget.mayPassBeyond(now))) {
            throw new BucketException.HeldBack(
                    refusal.get().why() + until(opensAt(refusal.get().until())));
        }
    }

    /// The store's time; where nothing depends on it, any time.
    private Optional<Instant> now() {
        Optional<Instant> now = storeTime.get();
        return now.isPresent() || config.needsTime() ? now : Optional.of(Instant.EPOCH);
    }

    @Override
    public void pace(int bytes) throws InterruptedIOException {
        now().map(schedule::at).filter(LinkSchedule.Phase::isOpen).ifPresent(phase -> rate(phase.bytesPerSecond()));
        setAside(aheadBytes(bytes));
        tokens.take(config.onWire(bytes));
    }

    private void rate(long bytesPerSecond) {
        if (tokens.bytesPerSecond() != bytesPerSecond) {
            tokens.rate(bytesPerSecond, config.burstBytesAt(bytesPerSecond));
        }
    }

    @Override
    public void sent(long bytes) {
        sentBytes.addAndGet(bytes);
        count(bytes);
    }

    @Override
    public void received(long bytes) {
        speed.answered(sentBytes.get());
        receivedBytes.addAndGet(bytes);
        count(bytes);
    }

    private void count(long bytes) {
        storeTime.get().ifPresent(budget::at);
        budget.count(config.onWire(bytes));
        setAside(aheadBytes(0));
    }

    private long aheadBytes(long bodyBytes) {
        return config.onWire(Budget.AHEAD_BYTES + bodyBytes);
    }

    /// What is under way goes on even if it cannot be written down; the next request waits until it can.
    private void setAside(long wireBytes) {
        try {
            budget.setAside(wireBytes);
            unkept.set(false);
        } catch (IOException e) {
            unkept(e);
        }
    }

    private void unkept(IOException e) {
        if (!unkept.getAndSet(true)) {
            LOG.warn("count of the link's budget not kept on disk; counting on in memory", e);
        }
    }

    @Override
    public Duration stallAfter(long bodyBytes) {
        // What is only assumed is slow enough: four times as long, a first part into a black hole took half an hour.
        int patience = speed.seen().isPresent() ? STALL_PATIENCE : 1;
        double seconds = patience * Math.min(bodyBytes, SWALLOWED_BYTES_MAX) / speed.bytesPerSecond();
        return config.stallTimeout().plusMillis((long) (seconds * 1000));
    }

    /// Whether a request may go out now; before the store told the time, whether the small one may that asks for it.
    public boolean isOpen() {
        return status().open();
    }

    /// By the store's clock, when the link opens that is closed now; empty if it is open, or never will be.
    public Optional<Instant> opensAt() {
        return status().opensAt();
    }

    /// What the link carried of late, bytes of HTTP a second; empty before anything of size went out.
    public Optional<Long> seenBytesPerSecond() {
        return speed.seen().map(Math::round);
    }

    /// Bytes of HTTP that went out since the start.
    public long sentBytes() {
        return sentBytes.get();
    }

    /// Bytes of HTTP that came in since the start.
    public long receivedBytes() {
        return receivedBytes.get();
    }

    /// How the link fares; inside of [#beyondBudget] a budget that is used up does not close it.
    public LinkStatus status() {
        Optional<Instant> now = now();
        if (now.isEmpty()) {
            boolean mayAsk = asking.isDue(sentBytes.get());
            return new LinkStatus(mayAsk, NO_TIME, Optional.empty(), tokens.bytesPerSecond(), budget.periods(), false);
        }
        storeTime.get().ifPresent(budget::at);
        LinkSchedule.Phase phase = schedule.at(now.get());
        Optional<Budget.Refusal> exhausted = budget.exhausted();
        Optional<Instant> opensAt = Optional.empty();
        String reason = "";
        if (exhausted.isPresent() && !isBeyondBudget()) {
            opensAt = opensAt(exhausted.get().until());
            reason = exhausted.get().why() + until(opensAt);
        } else if (!phase.isOpen()) {
            opensAt = schedule.opensAt(now.get());
            reason = closedUntil(opensAt);
        }
        return new LinkStatus(
                reason.isEmpty(), reason, opensAt, phase.bytesPerSecond(), budget.periods(), exhausted.isPresent());
    }

    private static boolean isBeyondBudget() {
        return BEYOND_BUDGET.orElse(false);
    }

    private Optional<Instant> opensAt(Optional<Instant> budgetBegins) {
        return budgetBegins.flatMap(schedule::opensAt);
    }

    private static String closedUntil(Optional<Instant> opensAt) {
        return opensAt.isPresent() ? "no window is open" + until(opensAt) : "the rate is 0 and no window ever opens";
    }

    private static String until(Optional<Instant> opensAt) {
        return opensAt.map(at -> ", until " + at).orElse("");
    }

    /// Keeps the exact count.
    @Override
    public void close() throws IOException {
        budget.settle();
    }
}
