package io.edgeship.runtime.log;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

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

    private Logs() {}

    /// Sends all logs to standard error. Libraries below `WARN` are left out unless `level` is `DEBUG`.
    public static void configure(Format format, Level level) {
        configure(format, level, System.err);
    }

    static void configure(Format format, Level level, OutputStream out) {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        LineFormatter formatter = switch (format) {
            case JSON -> new LineFormatter.Json();
            case LOGFMT -> new LineFormatter.Logfmt();
        };
        ROOT.addHandler(new FlushingHandler(out, formatter));
        OURS.setLevel(
                switch (level) {
                    case DEBUG -> java.util.logging.Level.FINE;
                    case INFO -> java.util.logging.Level.INFO;
                    case WARN -> java.util.logging.Level.WARNING;
                    case ERROR -> java.util.logging.Level.SEVERE;
                });
        ROOT.setLevel(
                switch (level) {
                    case DEBUG -> java.util.logging.Level.INFO;
                    case INFO, WARN -> java.util.logging.Level.WARNING;
                    case ERROR -> java.util.logging.Level.SEVERE;
                });
    }

    private static final class FlushingHandler extends StreamHandler {
        FlushingHandler(OutputStream out, LineFormatter formatter) {
            super(out, formatter);
            setLevel(java.util.logging.Level.ALL);
            try {
                setEncoding(StandardCharsets.UTF_8.name());
            } catch (java.io.UnsupportedEncodingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            super.publish(entry);
            flush();
        }
    }
}
