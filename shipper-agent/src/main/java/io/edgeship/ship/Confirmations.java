package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.queue.transport.UploadProgress;
import java.util.concurrent.atomic.AtomicLong;

/// Counts how often the bucket confirmed something, and passes it on: a link on which something gets through is not
/// down. Thread-safe.
public final class Confirmations implements UploadProgress {
    private final UploadProgress told;
    private final AtomicLong count = new AtomicLong();

    public Confirmations(UploadProgress told) {
        this.told = told;
    }

    @Override
    public void confirmed(BlockId block, long confirmedBytes, long totalBytes) {
        count.incrementAndGet();
        told.confirmed(block, confirmedBytes, totalBytes);
    }

    long count() {
        return count.get();
    }
}
