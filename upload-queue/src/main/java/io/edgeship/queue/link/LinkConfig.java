package io.edgeship.queue.link;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// The section `link` of `agent.yaml`: how fast, when and how much may be sent. Each key is described in
/// `docs/reference/link.md`.
///
/// @param bytesPerSecond  outside of windows, on the wire: [#UNLIMITED], or 0 for closed
/// @param burstBytes      what may pass at once after a rest; 0: one second of the rate, at least [#BURST_BYTES_MIN]
/// @param windows         the first that is open counts
/// @param jitter          by less than this a site comes later than windows and periods begin
/// @param stallTimeout    how long a request stands still before its connection is dropped
/// @param overheadPercent what the layers below HTTP add
public record LinkConfig(
        long bytesPerSecond,
        long burstBytes,
        List<LinkWindow> windows,
        BudgetLimits budget,
        Duration jitter,
        Duration stallTimeout,
        int overheadPercent) {
    /// A rate that nothing limits.
    public static final long UNLIMITED = Long.MAX_VALUE;

    /// Any time, any speed, any amount.
    public static final LinkConfig OPEN = new LinkConfig(
            UNLIMITED, 0, List.of(), BudgetLimits.NONE, Duration.ofMinutes(1), Duration.ofSeconds(60), 5);

    static final long BURST_BYTES_MIN = 64 << 10;

    /// Below it, one step of 64 KiB takes longer than a minute.
    static final long RATE_MIN = 1 << 10;

    /// Heads of a request and its reply, generously.
    static final long HEAD_BYTES = 2 << 10;

    private static final Duration JITTER_MAX = Duration.ofHours(12);
    private static final int WINDOWS_MAX = 100;
    private static final int OVERHEAD_PERCENT_MAX = 100;

    public LinkConfig {
        windows = List.copyOf(windows);
    }

    /// Reads the section; one that is not there is [#OPEN].
    public static LinkConfig from(ConfigSection link) throws ConfigException {
        long burst = link.size("burst", 0);
        if (burst != 0 && burst < BURST_BYTES_MIN) {
            throw link.wrong("burst", "is at least 64KiB");
        }
        return new LinkConfig(
                rate(link),
                burst,
                windows(link),
                budget(link.section("budget")),
                between(link, "jitter", OPEN.jitter, Duration.ZERO, JITTER_MAX),
                between(link, "stall_timeout", OPEN.stallTimeout, Duration.ofSeconds(1), Duration.ofHours(1)),
                Math.toIntExact(link.integer("overhead", OPEN.overheadPercent, 0, OVERHEAD_PERCENT_MAX)));
    }

    /// What so many bytes of HTTP are on the wire.
    public long onWire(long httpBytes) {
        return httpBytes + (httpBytes * overheadPercent + 99) / 100;
    }

    /// What a request with such a body, and its reply, take of a budget.
    long cost(long bodyBytes) {
        return onWire(bodyBytes + HEAD_BYTES);
    }

    /// The largest body that a fresh budget has room for: a larger one never goes out. [#UNLIMITED] without a budget.
    public long largestBodyBytes() {
        long smallest = Math.min(budget.dailyBytes, budget.monthlyBytes);
        if (smallest == UNLIMITED) {
            return UNLIMITED;
        }
        long httpBytes = smallest / (100 + overheadPercent) * 100;
        return Math.max(0, httpBytes - HEAD_BYTES - 1);
    }

    /// Whether what may be sent depends on the time.
    boolean needsTime() {
        return !windows.isEmpty() || budget.isLimited();
    }

    long burstBytesAt(long rate) {
        return burstBytes > 0 ? burstBytes : Math.max(BURST_BYTES_MIN, rate);
    }

    /// What happens to what waits once a budget is used up.
    public enum OnExhausted {
        /// It waits for the next day, or month.
        PAUSE,
        /// The newest goes on, beyond the budget; the rest waits.
        FRESHEST_ONLY
    }

    /// How much may be used up a day and a month; [#UNLIMITED] for any amount.
    ///
    /// @param zone whose midnight begins a day
    public record BudgetLimits(long dailyBytes, long monthlyBytes, ZoneId zone, OnExhausted onExhausted) {
        static final BudgetLimits NONE = new BudgetLimits(UNLIMITED, UNLIMITED, ZoneId.of("UTC"), OnExhausted.PAUSE);

        boolean isLimited() {
            return dailyBytes < UNLIMITED || monthlyBytes < UNLIMITED;
        }
    }

    private static List<LinkWindow> windows(ConfigSection link) throws ConfigException {
        List<LinkWindow> windows = new ArrayList<>();
        for (ConfigSection window : link.sections("windows")) {
            Cron cron = cron(window);
            window.requiredText("duration");
            windows.add(new LinkWindow(
                    cron,
                    between(window, "duration", Duration.ZERO, LinkWindow.DURATION_MIN, LinkWindow.DURATION_MAX),
                    zone(window),
                    rate(window)));
        }
        if (windows.size() > WINDOWS_MAX) {
            throw link.wrong("windows", "are at most " + WINDOWS_MAX);
        }
        return windows;
    }

    private static Cron cron(ConfigSection window) throws ConfigException {
        String text = window.requiredText("cron");
        try {
            return Cron.parse(text);
        } catch (IllegalArgumentException e) {
            throw window.wrong("cron", String.valueOf(e.getMessage()));
        }
    }

    private static BudgetLimits budget(ConfigSection budget) throws ConfigException {
        return new BudgetLimits(
                limit(budget, "daily"),
                limit(budget, "monthly"),
                zone(budget),
                budget.choice("on_exhausted", OnExhausted.class, OnExhausted.PAUSE));
    }

    private static long limit(ConfigSection budget, String key) throws ConfigException {
        long bytes = budget.size(key, UNLIMITED);
        if (bytes == 0) {
            throw budget.wrong(key, "is more than zero; leave it out for any amount, or set link.rate to 0 for none");
        }
        return bytes;
    }

    private static long rate(ConfigSection section) throws ConfigException {
        long rate = section.size("rate", UNLIMITED);
        if (rate != 0 && rate < RATE_MIN) {
            throw section.wrong("rate", "is 0 for closed, or at least 1KiB a second");
        }
        return rate;
    }

    private static ZoneId zone(ConfigSection section) throws ConfigException {
        String name = section.text("zone", "UTC");
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw section.wrong("zone", "is a zone like UTC or Europe/Berlin");
        }
    }

    private static Duration between(ConfigSection section, String key, Duration fallback, Duration min, Duration max)
            throws ConfigException {
        Duration value = section.duration(key, fallback);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw section.wrong(key, "is " + Durations.print(min) + " to " + Durations.print(max));
        }
        return value;
    }
}
