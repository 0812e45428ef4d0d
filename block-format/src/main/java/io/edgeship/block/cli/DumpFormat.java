package io.edgeship.block.cli;

import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Spells series and samples as text.
abstract sealed class DumpFormat {
    final Writer out;
    private long staleLeftOut;

    DumpFormat(Writer out) {
        this.out = out;
    }

    /// False where the format has no way to write this series; nothing more of it is to be given then.
    abstract boolean begin(LabelSet labels) throws IOException;

    abstract void sample(long timeMillis, long valueBits) throws IOException;

    abstract void end() throws IOException;

    void finish() throws IOException {}

    final void countStale() {
        staleLeftOut++;
    }

    long staleLeftOut() {
        return staleLeftOut;
    }

    /// `name{labels} value seconds` a line, `# EOF` last; a name that is no plain metric name goes into the braces.
    static final class OpenMetrics extends DumpFormat {
        private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

        private String series = "";

        OpenMetrics(Writer out) {
            super(out);
        }

        @Override
        boolean begin(LabelSet labels) {
            String metric = labels.get(LabelSet.METRIC_NAME).orElse("");
            if (metric.isEmpty()) {
                return false;
            }
            boolean plain = METRIC.matcher(metric).matches();
            StringBuilder text = new StringBuilder("{");
            if (!plain) {
                LabelSet.quote(text, metric);
            }
            labels.forEach((name, value) -> {
                if (!name.equals(LabelSet.METRIC_NAME)) {
                    text.append(text.length() > 1 ? "," : "");
                    if (METRIC.matcher(name).matches() && !name.contains(":")) {
                        text.append(name);
                    } else {
                        LabelSet.quote(text, name);
                    }
                    text.append('=');
                    LabelSet.quote(text, value);
                }
            });
            series = (plain ? metric : "") + text.append('}');
            return true;
        }

        @Override
        void sample(long timeMillis, long valueBits) throws IOException {
            if (valueBits == StaleMarker.BITS) {
                countStale();
                return;
            }
            out.append(series).append(' ').append(GoFloat.print(Double.longBitsToDouble(valueBits)));
            out.append(' ').append(seconds(timeMillis)).append('\n');
        }

        /// Prometheus reads seconds as a double, multiplies by 1000 and cuts the rest off, so 4105.007 would become
        /// 4105006 ms. A tenth of a millisecond more keeps such a time where it is.
        static String seconds(long timeMillis) {
            String text = BigDecimal.valueOf(timeMillis, 3).toPlainString();
            return (long) (Double.parseDouble(text) * 1000) == timeMillis ? text : text + "1";
        }

        @Override
        void end() {}

        @Override
        void finish() throws IOException {
            out.append("# EOF\n");
        }
    }

    /// One JSON object a series.
    static final class JsonLines extends DumpFormat {
        private boolean first;

        JsonLines(Writer out) {
            super(out);
        }

        @Override
        boolean begin(LabelSet labels) throws IOException {
            StringBuilder text = new StringBuilder("{\"labels\":{");
            int start = text.length();
            labels.forEach((name, value) -> {
                text.append(text.length() > start ? "," : "");
                quote(text, name);
                text.append(':');
                quote(text, value);
            });
            out.append(text).append("},\"samples\":[");
            first = true;
            return true;
        }

        @Override
        void sample(long timeMillis, long valueBits) throws IOException {
            String value = valueBits == StaleMarker.BITS ? "stale" : GoFloat.print(Double.longBitsToDouble(valueBits));
            out.append(first ? "[" : ",[")
                    .append(Long.toString(timeMillis))
                    .append(",\"")
                    .append(value)
                    .append("\"]");
            first = false;
        }

        @Override
        void end() throws IOException {
            out.append("]}\n");
        }

        private static void quote(StringBuilder out, String text) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (c < ' ') {
                    out.append("\\u%04x".formatted((int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }
    }
}
