package io.edgeship.compact.merge;

import java.io.IOException;

/// How far a compaction is.
///
/// @param seriesDone    of the result
/// @param seriesTotal   of the source that says it has most: the result may have more, and then it grows
/// @param receivedBytes from the store so far
/// @param sentBytes     to the store so far
public record Progress(long seriesDone, long seriesTotal, long receivedBytes, long sentBytes) {
    /// Is told now and then by the thread that merges.
    @FunctionalInterface
    public interface Listener {
        /// @throws IOException to end the compaction
        void at(Progress progress) throws IOException;
    }
}
