package io.edgeship.runtime.log;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A logger: a fixed message and, in pairs, keys and values. Thread-safe.
///
/// `LOG.info("block shipped", "block", id, "bytes", bytes)`
public final class Log {
    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    public static Log of(Class<?> owner) {
        return new Log(Logger.getLogger(owner.getName()));
    }

    public void debug(String message, @Nullable Object... keysAndValues) {
        log(Level.FINE, message, null, keysAndValues);
    }

    /// Rare: a change that an operator wants to see.
    public void info(String message, @Nullable Object... keysAndValues) {
        log(Level.INFO, message, null, keysAndValues);
    }

    /// Something went wrong and we dealt with it; say how.
    public void warn(String message, @Nullable Object... keysAndValues) {
        log(Level.WARNING, message, null, keysAndValues);
    }

    public void warn(String message, Throwable cause, @Nullable Object... keysAndValues) {
        log(Level.WARNING, message, cause, keysAndValues);
    }

    /// A person is needed.
    public void error(String message, @Nullable Object... keysAndValues) {
        log(Level.SEVERE, message, null, keysAndValues);
    }

    public void error(String message, Throwable cause, @Nullable Object... keysAndValues) {
        log(Level.SEVERE, message, cause, keysAndValues);
    }

    private void log(Level level, String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
        if (!logger.isLoggable(level)) {
            return;
        }
        LogRecord entry = new LogRecord(level, message);
        entry.setLoggerName(logger.getName());
        entry.setParameters(new Object[] {new KeyValues(keysAndValues)});
        if (cause != null) {
            entry.setThrown(cause);
        }
        logger.log(entry);
        Logs.publishIfReset(entry);
    }
}
