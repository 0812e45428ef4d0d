package io.edgeship.agent;

import io.edgeship.block.json.JsonObject;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.reduce.ReductionConfig;
import io.edgeship.ship.reduce.Saving;
import io.edgeship.ship.reduce.SavingsReport;
import io.edgeship.ship.reduce.Share;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What `reduce --dry-run` prints. Stateless.
final class SavingsText {
    private static final int NAME_CHARS_MAX = 60;

    private SavingsText() {}

    static void print(SourceConfig source, Optional<SavingsReport> read, int top, PrintStream out) {
        if (read.isEmpty()) {
            out.println(source.path() + ": no block to read");
            return;
        }
        SavingsReport report = read.get();
        out.printf(
                Locale.ROOT,
                "%s: %d block(s), %s to %s, %s%n%n",
                source.path(),
                report.blocks(),
                Instant.ofEpochMilli(report.range().minTime()),
                Instant.ofEpochMilli(report.range().maxTime()),
                Sizes.print(report.blockBytes()));
        if (source.reduction().relabeling().isNone()) {
            largest(report, top, out);
            out.println("No reduce.relabel rules are configured: this is what there is to leave out.");
        } else {
            savings(report, top, out);
        }
        notes(source.reduction(), report, out);
    }

    private static void largest(SavingsReport report, int top, PrintStream out) {
        out.println("    series      samples       bytes  share  metric");
        List<Map.Entry<String, Saving>> rows = report.largestFirst();
        for (Map.Entry<String, Saving> row : rows.subList(0, Math.min(top, rows.size()))) {
            largest(row.getValue().before(), report.blockBytes(), name(row.getKey()), out);
        }
        if (rows.size() > top) {
            Saving rest = rest(rows, top);
            largest(rest.before(), report.blockBytes(), "(%d more metrics)".formatted(rows.size() - top), out);
        }
        Share total = report.total().before();
        largest(total, report.blockBytes(), "(all %d metrics)".formatted(rows.size()), out);
        out.println();
    }

    private static void largest(Share share, long of, String name, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%10d %12d %11s %5.1f%%  %s%n",
                share.series(),
                share.samples(),
                Sizes.print(share.bytes()),
                percent(share.bytes(), of),
                name);
    }

    private static void savings(SavingsReport report, int top, PrintStream out) {
        out.println(
                "    series      after      samples        after       bytes       after       saved   of all  metric");
        List<Map.Entry<String, Saving>> rows = report.largestFirst();
        for (Map.Entry<String, Saving> row : rows.subList(0, Math.min(top, rows.size()))) {
            saving(row.getValue(), report.blockBytes(), name(row.getKey()), out);
        }
        if (rows.size() > top) {
            String more = "(%d more metrics)".formatted(rows.size() - top);
            saving(rest(rows, top), report.blockBytes(), more, out);
        }
        saving(report.total(), report.blockBytes(), "(all %d metrics)".formatted(rows.size()), out);
        out.println();
    }

    private static void saving(Saving saving, long of, String name, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%10d %10d %12d %12d %11s %11s %11s %7.2f%%  %s%n",
                saving.before().series(),
                saving.after().series(),
                saving.before().samples(),
                saving.after().samples(),
                Sizes.print(saving.before().bytes()),
                Sizes.print(saving.after().bytes()),
                Sizes.print(saving.bytesSaved()),
                percent(saving.bytesSaved(), of),
                name);
    }

    private static Saving rest(List<Map.Entry<String, Saving>> rows, int top) {
        return rows.subList(top, rows.size()).stream()
                .map(Map.Entry::getValue)
                .reduce(Saving::plus)
                .orElseThrow();
    }

    private static void notes(ReductionConfig reduction, SavingsReport report, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "Counted: chunks, and what each series has for itself in the index. Not counted: %s (%.1f%%) that series share.%n",
                Sizes.print(report.sharedBytes()),
                percent(report.sharedBytes(), report.blockBytes()));
        if (report.merging() > 0) {
            out.println(
                    report.merging() + " series get the labels of another one and become one with it: what that saves"
                            + " is not counted.");
        }
        if (reduction.significantDigits().isPresent()) {
            out.println("Not counted: what reduce.round saves.");
        }
        if (reduction.resolution().isPresent()) {
            out.println("Not counted: what reduce.resolution saves.");
        }
    }

    private static String name(String metric) {
        if (metric.isEmpty()) {
            return "(no name)";
        }
        return metric.length() <= NAME_CHARS_MAX ? metric : metric.substring(0, NAME_CHARS_MAX - 1) + "…";
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * (double) part / (double) whole;
    }

    static JsonObject json(SourceConfig source, Optional<SavingsReport> read) {
        JsonObject json = JsonObject.empty().with("path", source.path().toString());
        if (read.isEmpty()) {
            return json.with("blocks", 0);
        }
        SavingsReport report = read.get();
        return json.with("blocks", report.blocks())
                .with("min_time_ms", report.range().minTime())
                .with("max_time_ms", report.range().maxTime())
                .with("bytes", report.blockBytes())
                .with("shared_bytes", report.sharedBytes())
                .with("merging_series", report.merging())
                .with("total", json(report.total()))
                .with(
                        "metrics",
                        report.largestFirst().stream()
                                .map(row -> JsonObject.empty()
                                        .with("metric", row.getKey())
                                        .with("before", json(row.getValue().before()))
                                        .with("after", json(row.getValue().after())))
                                .toList());
    }

    private static JsonObject json(Saving saving) {
        return JsonObject.empty().with("before", json(saving.before())).with("after", json(saving.after()));
    }

    private static JsonObject json(Share share) {
        return JsonObject.empty()
                .with("series", share.series())
                .with("samples", share.samples())
                .with("chunk_bytes", share.chunkBytes())
                .with("index_bytes", share.indexBytes());
    }
}
