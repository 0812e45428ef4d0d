package io.edgeship.agent;

import java.time.Duration;

/// How the waits of a thread that ships go on, in a time of their own. Used by one thread.
final class ScriptedWaiting implements Resting.Wake {
    final WaitingTime time = new WaitingTime(this::happen);
    boolean back;
    boolean open;
    boolean changed;
    private Runnable event = () -> {};
    private Duration eventAt = Duration.ofDays(1);

    Resting resting(Duration idle) {
        return new Resting(idle, this, time);
    }

    /// Lets something happen while a wait is under way, so long after the beginning.
    void after(Duration duration, Runnable what) {
        eventAt = duration;
        event = what;
    }

    private void happen(long nanos) {
        if (nanos >= eventAt.toNanos()) {
            event.run();
        }
    }

    @Override
    public boolean linkIsBack() {
        return back;
    }

    @Override
    public boolean linkIsOpen() {
        return open;
    }

    @Override
    public boolean reload() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
