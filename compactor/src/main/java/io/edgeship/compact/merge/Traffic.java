package io.edgeship.compact.merge;

import java.util.concurrent.atomic.LongAdder;

/// Bytes of one compaction that went over the wire. Thread-safe.
final class Traffic {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    void received(long bytes) {
        received.add(bytes);
    }

    void sent(long bytes) {
        sent.add(bytes);
    }

    long receivedBytes() {
        return received.sum();
    }

    long sentBytes() {
        return sent.sum();
    }
}
