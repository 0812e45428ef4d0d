package io.edgeship.agent;

import io.edgeship.ship.Rest;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What a thread that ships does between two rounds: it waits, and looks up for what ends the wait. [#nudge] and
/// [#stop] may be called by any thread.
final class Resting {
    /// How often a wait is looked up from.
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final Duration idle;
    private final Wake wake;
    private final Pause pause;
    private volatile boolean nudged;
    private volatile boolean stopping;

    /// What may end a wait early.
    interface Wake {
        /// Whether the link came back.
        boolean linkIsBack();

        /// Whether a window has opened or a budget has begun anew.
        boolean linkIsOpen();

        /// Takes over changed credentials. Called before each round too.
        ///
        /// @return whether there were some
        boolean reload();
    }

    /// How time passes while a thread waits.
    interface Pause {
        /// The thread's own waiting, which ends when it is unparked.
        Pause SYSTEM = new Pause() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void park(Object blocker, long nanos) {
                LockSupport.parkNanos(blocker, nanos);
            }
        };

        long nanoTime();

        /// Waits so long at most.
        void park(Object blocker, long nanos);
    }

    /// @param idle how long to rest with nothing to ship, if nobody nudges
    Resting(Duration idle, Wake wake, Pause pause) {
        this.idle = idle;
        this.wake = wake;
        this.pause = pause;
    }

    Duration idle() {
        return idle;
    }

    /// Waits, and looks up once a second for what ends the wait. Ends at once where the thread is or was interrupted,
    /// which stays so.
    void rest(Rest rest) {
        boolean isIdle = rest.until() == Rest.Until.NEWS;
        long longest = (isIdle ? idle : rest.pause()).toNanos();
        long end = pause.nanoTime() + longest;
        // A link that is open and holds back all the same, for its count cannot be kept, is asked once a second.
        boolean mayEnd = rest.until() != Rest.Until.OPEN;
        for (long left = longest; left > 0 && !isOver(); left = end - pause.nanoTime()) {
            if (mayEnd && endsEarly(rest.until())) {
                return;
            }
            pause.park(this, isIdle ? left : Math.min(left, GLANCE.toNanos()));
            mayEnd = true;
        }
    }

    private boolean endsEarly(Rest.Until until) {
        return switch (until) {
            case LINK_UP -> wake.reload() || wake.linkIsBack();
            case OPEN -> wake.linkIsOpen();
            case LATER -> wake.reload();
            case NEWS, SETTLED, ANSWERED -> {
                boolean news = nudged;
                nudged = false;
                yield news;
            }
        };
    }

    /// Waiting is over: an interrupted thread cannot be parked.
    private boolean isOver() {
        return stopping || Thread.currentThread().isInterrupted();
    }

    /// The spool may hold something new. The thread has to be unparked after it.
    void nudge() {
        nudged = true;
    }

    /// Ends this wait and all later ones. The thread has to be unparked after it.
    void stop() {
        stopping = true;
    }
}
