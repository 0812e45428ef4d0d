package io.edgeship.runtime.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A line that says how far a long piece of work is: one that renews itself on a terminal, one every ten seconds
/// elsewhere. Not thread-safe.
public final class Progress implements AutoCloseable {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long TERMINAL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Terminal terminal;
    private final String doing;
    private final LongSupplier nanoTime;
    private final long begunAtNanos;
    private long nextAtNanos;
    private boolean shown;

    Progress(Terminal terminal, String doing, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.doing = doing;
        this.nanoTime = nanoTime;
        begunAtNanos = nanoTime.getAsLong();
        nextAtNanos = begunAtNanos + QUIET_NANOS;
    }

    /// Cheap enough to call for every step.
    ///
    /// @param total zero where it is not known
    public void update(long done, long total, String unit) {
        long now = nanoTime.getAsLong();
        if (now - nextAtNanos < 0) {
            return;
        }
        nextAtNanos = now + (terminal.interactive() ? TERMINAL_INTERVAL_NANOS : LOG_INTERVAL_NANOS);
        shown = true;
        String share = total > 0 ? String.format(Locale.ROOT, " of %,d (%d %%)", total, 100 * done / total) : "";
        String line = String.format(
                Locale.ROOT,
                "%s: %,d%s %s, %d s",
                doing,
                done,
                share,
                unit,
                TimeUnit.NANOSECONDS.toSeconds(now - begunAtNanos));
        if (terminal.interactive()) {
            terminal.err().print("\r\033[K" + line);
            terminal.err().flush();
        } else {
            terminal.err().println(line);
        }
    }

    /// Wipes the line off the terminal.
    @Override
    public void close() {
        wipe();
    }

    /// Makes room for something else to be printed; the next update shows the line again.
    public void wipe() {
        if (shown && terminal.interactive()) {
            terminal.err().print("\r\033[K");
            terminal.err().flush();
        }
    }
}
