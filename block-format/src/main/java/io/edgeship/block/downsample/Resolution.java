package io.edgeship.block.downsample;

import java.time.Duration;

/// How long a window is.
public enum Resolution {
    FIVE_MINUTES(Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(1)),
    ONE_HOUR(Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofMinutes(5));

    /// A chunk is to have no more windows, on average.
    public static final int WINDOWS_MAX = 140;

    private final long millis;
    private final long fromMillis;
    private final long stepMillis;

    Resolution(Duration window, Duration from, Duration step) {
        millis = window.toMillis();
        fromMillis = from.toMillis();
        stepMillis = step.toMillis();
    }

    public long millis() {
        return millis;
    }

    /// The resolution that is downsampled to this one; 0 for raw samples.
    public long fromMillis() {
        return fromMillis;
    }

    /// The first millisecond of the window that a time lies in.
    public long windowStart(long timeMillis) {
        return timeMillis - Math.floorMod(timeMillis, millis);
    }

    /// The last millisecond of the window that a time lies in.
    public long windowEnd(long timeMillis) {
        return windowStart(timeMillis) + millis - 1;
    }

    /// Into how many chunks a series is to be divided, by how many windows its samples will fill.
    int chunks(long minTime, long maxTime, int samples) {
        long windows = (maxTime - minTime) / millis; // whole ones
        double fullness = Math.min(1, samples / ((double) (maxTime - minTime) / stepMillis));
        int expected = (int) ((double) windows * fullness) + 1;
        int chunks = 1;
        while (expected / chunks > WINDOWS_MAX) {
            chunks++;
        }
        return chunks;
    }
}
