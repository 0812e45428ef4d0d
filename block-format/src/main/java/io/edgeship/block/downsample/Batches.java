package io.edgeship.block.downsample;

import java.util.function.IntToLongFunction;

/// Where the samples of a series are divided. Stateless.
final class Batches {
    /// A chunk has about [Resolution#WINDOWS_MAX] windows where samples come evenly, and never more than this.
    /// Thanos has no such limit: there a burst of samples after a thin stretch of many windows makes one chunk of
    /// all. A 5m series of fewer chunks than Thanos wants to make 1h chunks of is never done there; with one
    /// chunk for every 280 windows, which become 24 of an hour, there are always enough.
    static final int WINDOWS_LIMIT = 2 * Resolution.WINDOWS_MAX;

    private Batches() {}

    /// Where the batch ends that begins with sample `from`: after at least `batchSize` samples, as long as these
    /// are not too many windows, and not within a window.
    ///
    /// @param timeMillis of each of `size` samples, in order
    static int end(IntToLongFunction timeMillis, int size, int from, int batchSize, Resolution resolution) {
        long windowEnd = resolution.windowEnd(timeMillis.applyAsLong(from));
        int windows = 1;
        int to = from + 1;
        for (; to < size; to++) {
            long time = timeMillis.applyAsLong(to);
            if (time > windowEnd) {
                if (to - from >= batchSize || windows == WINDOWS_LIMIT) {
                    break;
                }
                windowEnd = resolution.windowEnd(time);
                windows++;
            }
        }
        return to;
    }
}
