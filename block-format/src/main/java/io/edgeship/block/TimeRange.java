package io.edgeship.block;

/// Milliseconds from `minTime` (inclusive) to `maxTime` (exclusive), as a block's meta.json gives them.
public record TimeRange(long minTime, long maxTime) {
    public TimeRange {
        if (maxTime < minTime) {
            throw new IllegalArgumentException("maxTime " + maxTime + " is before minTime " + minTime);
        }
    }

    public boolean contains(long timeMillis) {
        return minTime <= timeMillis && timeMillis < maxTime;
    }

    public boolean overlaps(TimeRange other) {
        return minTime < other.maxTime && other.minTime < maxTime;
    }
}
