package io.edgeship.compact.round;

import io.edgeship.compact.merge.Progress;

/// Is told how far compactions are, by the threads that carry them out. Thread-safe.
public interface RoundWatcher {
    /// For whom nobody watches.
    RoundWatcher NONE = new RoundWatcher() {
        @Override
        public void at(String stream, Progress progress) {}

        @Override
        public void ended(String stream) {}
    };

    /// Now and then while a plan is carried out.
    ///
    /// @param stream its external labels
    void at(String stream, Progress progress);

    /// The plan of the stream is done, or failed.
    void ended(String stream);
}
