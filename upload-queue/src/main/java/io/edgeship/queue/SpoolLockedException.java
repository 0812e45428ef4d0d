package io.edgeship.queue;

import java.io.IOException;
import java.nio.file.Path;

/// Another process, or another part of this one, has the spool open.
public final class SpoolLockedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String holder;

    SpoolLockedException(Path spool, String holder, Throwable cause) {
        super(
                "spool %s is in use by process %s (as its own container numbers it): stop that agent first"
                        .formatted(spool, holder),
                cause);
        this.holder = holder;
    }

    /// The pid that the owner wrote down, or `unknown`.
    public String holder() {
        return holder;
    }
}
