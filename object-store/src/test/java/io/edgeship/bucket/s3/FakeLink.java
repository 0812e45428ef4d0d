package io.edgeship.bucket.s3;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Link;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A link that keeps what it is told. Thread-safe.
final class FakeLink implements Link {
    private final Duration stallAfter;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final List<Integer> paced = new CopyOnWriteArrayList<>();
    private final List<Long> admitted = new CopyOnWriteArrayList<>();
    private volatile boolean shut;
    private volatile Duration pause = Duration.ZERO;

    FakeLink(Duration stallAfter) {
        this.stallAfter = stallAfter;
    }

    void shut() {
        shut = true;
    }

    /// Makes every [#pace] take so long.
    void pauseFor(Duration duration) {
        pause = duration;
    }

    long sentBytes() {
        return sent.get();
    }

    long receivedBytes() {
        return received.get();
    }

    /// The sizes of the calls, in order.
    List<Integer> paced() {
        return List.copyOf(paced);
    }

    /// The body sizes of the tries, in order.
    List<Long> admitted() {
        return List.copyOf(admitted);
    }

    @Override
    public void admit(long bodyBytes) throws BucketException.HeldBack {
        if (shut) {
            throw new BucketException.HeldBack("the window opens at 18:00");
        }
        admitted.add(bodyBytes);
    }

    @Override
    public void pace(int bytes) throws InterruptedIOException {
        paced.add(bytes);
        try {
            if (!pause.isZero() && new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts this down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void sent(long bytes) {
        sent.addAndGet(bytes);
    }

    @Override
    public void received(long bytes) {
        received.addAndGet(bytes);
    }

    @Override
    public Duration stallAfter(long bodyBytes) {
        return stallAfter;
    }
}
