package io.edgeship.runtime.log;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/// Where this process's logs go and how they are spelled.
public final class Logs {
    /// How a line is spelled.
    public enum Format {
        JSON,
        LOGFMT
    }

    /// What is worth a line.
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /// Held, because the log manager holds loggers weakly and would forget their levels.
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger OURS = Logger.getLogger("io.edgeship");

    private static volatile @Nullable Handler configured;

    private Logs() {}

    /// Sends all logs to standard error. Libraries below `WARN` are left out unless `level` is `DEBUG`.
    public static void configure(Format format, Level level) {
        configure(format, level, System.err);
    }

    static void configure(Format format, Level level, OutputStream out) {
        for (Handler before : ROOT.getHandlers()) {
            ROOT.removeHandler(before);
        }
        LineFormatter formatter = switch (format) {
            case JSON -> new LineFormatter.Json();
            case LOGFMT -> new LineFormatter.Logfmt();
        };
        java.util.logging.Level ours = switch (level) {
            case DEBUG -> java.util.logging.Level.FINE;
            case INFO -> java.util.logging.Level.INFO;
            case WARN -> java.util.logging.Level.WARNING;
            case ERROR -> java.util.logging.Level.SEVERE;
        };
        Handler handler = new FlushingHandler(out, formatter);
        handler.setLevel(ours); // libraries say less than we do
        ROOT.addHandler(handler);
        configured = handler;
        OURS.setLevel(ours);
        ROOT.setLevel(
                switch (level) {
                    case DEBUG -> java.util.logging.Level.INFO;
                    case INFO, WARN -> java.util.logging.Level.WARNING;
                    case ERROR -> java.util.logging.Level.SEVERE;
                });
    }

    /// The log manager takes all handlers away in a shutdown hook of its own, while we still have something to say.
    static void publishIfReset(LogRecord entry) {
        Handler handler = configured;
        if (handler != null && !Arrays.asList(ROOT.getHandlers()).contains(handler)) {
            handler.publish(entry);
        }
    }

    private static final class FlushingHandler extends StreamHandler {
        FlushingHandler(OutputStream out, LineFormatter formatter) {
            super(out, formatter);
            try {
                setEncoding(StandardCharsets.UTF_8.name());
            } catch (java.io.UnsupportedEncodingException e) {
                throw new IllegalStateException(e);
            }
        }

        /// The stream is not ours, and something may follow.
        @Override
        public synchronized void close() {
            flush();
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            super.publish(entry);
            flush();
        }
    }
}
