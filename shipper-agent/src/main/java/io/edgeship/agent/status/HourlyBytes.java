package io.edgeship.agent.status;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Bytes of each hour of the last two days, kept in memory: nothing is written, and a restart begins anew. Hours are of
/// the monotonic clock, counted from the start, so that a clock that is set moves nothing. Thread-safe.
public final class HourlyBytes {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier nanoTime;
    private final long beganAtNanos;
    private final long[] sent = new long[SiteStatus.HOURS];
    private final long[] received = new long[SiteStatus.HOURS];
    private long hour;
    private long sentBefore;
    private long receivedBefore;

    public HourlyBytes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        beganAtNanos = nanoTime.getAsLong();
    }

    /// What went since the last call counts for the hour that it is now. To be called every minute or so.
    ///
    /// @param sentBytes since the start
    public synchronized void count(long sentBytes, long receivedBytes) {
        long now = (nanoTime.getAsLong() - beganAtNanos) / HOUR_NANOS;
        for (long next = Math.max(hour + 1, now - SiteStatus.HOURS + 1); next <= now; next++) {
            sent[slot(next)] = 0;
            received[slot(next)] = 0;
        }
        hour = now;
        sent[slot(now)] += sentBytes - sentBefore;
        received[slot(now)] += receivedBytes - receivedBefore;
        sentBefore = sentBytes;
        receivedBefore = receivedBytes;
    }

    /// Oldest first; as many as the agent has been running, the one that is not over included.
    public synchronized List<SiteStatus.Hour> hours() {
        List<SiteStatus.Hour> hours = new ArrayList<>();
        for (long one = Math.max(0, hour - SiteStatus.HOURS + 1); one <= hour; one++) {
            hours.add(new SiteStatus.Hour(sent[slot(one)], received[slot(one)]));
        }
        return List.copyOf(hours);
    }

    private static int slot(long hour) {
        return (int) (hour % SiteStatus.HOURS);
    }
}
