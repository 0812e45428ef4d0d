package io.edgeship.bucket;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/// Fails the calls that a test names, before they reach the store or after they took effect there (a reply that got
/// lost). Thread-safe.
public final class FailingBucket extends ForwardingBucket {
    /// Whether the store carried the failing call out.
    public enum Moment {
        BEFORE,
        AFTER
    }

    private final Predicate<String> failing;
    private final Moment moment;
    private final Function<String, BucketException> failure;
    private final AtomicInteger calls = new AtomicInteger();

    private FailingBucket(
            Bucket inner, Predicate<String> failing, Moment moment, Function<String, BucketException> failure) {
        super(inner);
        this.failing = failing;
        this.moment = moment;
        this.failure = failure;
    }

    /// Fails the calls whose `method key` is accepted by `failing`, with what `failure` makes of these words.
    public static FailingBucket when(
            Bucket inner, Predicate<String> failing, Moment moment, Function<String, BucketException> failure) {
        return new FailingBucket(inner, failing, moment, failure);
    }

    /// Fails the `number`th call (from 1), and every later one too, as if the link were cut.
    public static FailingBucket fromCall(Bucket inner, int number, Moment moment) {
        AtomicInteger count = new AtomicInteger();
        return when(inner, _ -> count.incrementAndGet() >= number, moment, FailingBucket::cut);
    }

    /// Fails the `number`th call (from 1) only.
    public static FailingBucket onCall(Bucket inner, int number, Moment moment) {
        AtomicInteger count = new AtomicInteger();
        return when(inner, _ -> count.incrementAndGet() == number, moment, FailingBucket::cut);
    }

    /// Calls made so far, failed or not: a run without failures tells how many there are to fail.
    public int calls() {
        return calls.get();
    }

    private static BucketException cut(String call) {
        return new BucketException.Unavailable(call + ": the test cut the link", null);
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        calls.incrementAndGet();
        if (!failing.test(call.toString())) {
            return work.on(inner());
        }
        if (moment == Moment.AFTER) {
            work.on(inner());
        }
        throw failure.apply(call.toString());
    }
}
