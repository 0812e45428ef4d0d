package io.edgeship.runtime.log;

import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// One record, one line. The subclasses differ in how a line is spelled.
abstract sealed class LineFormatter extends Formatter {
    /// Of a cause's stack; the rest says little and fills SD cards.
    private static final int FRAMES_MAX = 12;

    abstract String spell(Map<String, String> fields);

    @Override
    public String format(LogRecord entry) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("ts", DateTimeFormatter.ISO_INSTANT.format(entry.getInstant().truncatedTo(ChronoUnit.MILLIS)));
        fields.put("level", levelOf(entry.getLevel()));
        fields.put("msg", messageOf(entry));
        fields.put("logger", entry.getLoggerName() == null ? "" : entry.getLoggerName());
        Object[] parameters = entry.getParameters();
        if (parameters != null && parameters.length == 1 && parameters[0] instanceof KeyValues keyValues) {
            keyValues.forEach(fields::putIfAbsent);
        }
        if (entry.getThrown() != null) {
            fields.put("err", causes(entry.getThrown()));
            if (entry.getThrown() instanceof RuntimeException) {
                fields.put("stack", stack(entry.getThrown()));
            }
        }
        return spell(fields) + "\n";
    }

    private String messageOf(LogRecord entry) {
        Object[] parameters = entry.getParameters();
        boolean ours = parameters == null || parameters.length == 0 || parameters[0] instanceof KeyValues;
        return ours ? String.valueOf(entry.getMessage()) : formatMessage(entry);
    }

    private static String levelOf(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "warn";
        }
        return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }

    /// The message of each cause once, outermost first.
    private static String causes(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && messages.size() < FRAMES_MAX; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            if (messages.isEmpty() || !messages.getLast().contains(message)) {
                messages.add(message);
            }
        }
        return String.join(": ", messages);
    }

    private static String stack(Throwable thrown) {
        List<String> frames = new ArrayList<>();
        frames.add(thrown.toString());
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frames.size() > FRAMES_MAX) {
                break;
            }
            frames.add(frame.toString());
        }
        return String.join(" < ", frames);
    }

    /// `{"ts":"…","level":"info",…}`; every value is a string.
    static final class Json extends LineFormatter {
        @Override
        String spell(Map<String, String> fields) {
            StringBuilder line = new StringBuilder("{");
            fields.forEach((key, value) -> {
                line.append(line.length() > 1 ? "," : "");
                quote(line, key);
                line.append(':');
                quote(line, value);
            });
            return line.append('}').toString();
        }
    }

    /// `ts=… level=info msg="block shipped" block=…`.
    static final class Logfmt extends LineFormatter {
        @Override
        String spell(Map<String, String> fields) {
            StringBuilder line = new StringBuilder();
            fields.forEach((key, value) -> {
                line.append(line.isEmpty() ? "" : " ")
                        .append(key.replaceAll("[\\s=\"]", "_"))
                        .append('=');
                if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=' || c == '\\')) {
                    quote(line, value);
                } else {
                    line.append(value);
                }
            });
            return line.toString();
        }
    }

    private static void quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ') {
                        line.append("\\u%04x".formatted((int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
