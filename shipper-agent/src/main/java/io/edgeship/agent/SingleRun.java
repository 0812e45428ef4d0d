package io.edgeship.agent;

import io.edgeship.ship.Rest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A run with an end: rounds until nothing is left, over a link that is cut while something gets through. Used by one
/// thread.
final class SingleRun {
    /// While somebody waits for receipts.
    static final Duration RECEIPT_INTERVAL = Duration.ofSeconds(2);

    /// A link that lets nothing through so often in a row is given up.
    static final int FRUITLESS_MAX = 3;

    private final Round round;
    private final Resting resting;
    private final LongSupplier nanoTime;

    /// Looks for blocks and ships them.
    interface Round {
        Rest run() throws IOException;
    }

    SingleRun(Round round, Resting resting, LongSupplier nanoTime) {
        this.round = round;
        this.resting = resting;
        this.nanoTime = nanoTime;
    }

    /// @param wait how long to go on whatever happens, and to wait for the centre's receipts
    /// @return what the last round came back with
    Rest run(Duration wait) throws IOException, InterruptedException {
        long end = nanoTime.getAsLong() + wait.toNanos();
        Rest rest = round.run();
        for (long left = end - nanoTime.getAsLong(); isWorthWaiting(rest, left); left = end - nanoTime.getAsLong()) {
            resting.rest(new Rest(rest.until(), pause(rest, left), rest.problem(), rest.fruitless()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            rest = round.run();
        }
        return rest;
    }

    private static boolean isWorthWaiting(Rest rest, long nanosLeft) {
        return switch (rest.until()) {
            case NEWS -> false;
            case SETTLED -> true;
            case LINK_UP, LATER -> rest.fruitless() < FRUITLESS_MAX || nanosLeft > 0;
            case ANSWERED, OPEN -> nanosLeft > 0;
        };
    }

    /// No wait that only the deadline allows goes beyond it.
    private static Duration pause(Rest rest, long nanosLeft) {
        return switch (rest.until()) {
            case NEWS, SETTLED -> rest.pause();
            case LINK_UP, LATER -> rest.fruitless() < FRUITLESS_MAX ? rest.pause() : shorter(rest.pause(), nanosLeft);
            case ANSWERED -> shorter(RECEIPT_INTERVAL, nanosLeft);
            case OPEN -> shorter(rest.pause(), nanosLeft);
        };
    }

    private static Duration shorter(Duration pause, long nanosLeft) {
        return Duration.ofNanos(Math.min(pause.toNanos(), nanosLeft));
    }
}
