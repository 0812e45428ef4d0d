package io.edgeship.block.cli;

import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// `block dump DIR`: every sample, as text.
final class DumpCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block dump",
                "DIR",
                "Print the samples of a block",
                List.of(
                        new Option("match", "SELECTOR", "only these series: 'up{job=\"x\",site=~\"a|b.*\"}'"),
                        new Option("format", "FORMAT", "openmetrics (default), which promtool reads back, or jsonl")),
                """
                jsonl prints one series a line: {"labels":{…},"samples":[[ms,"value"],…]}. A sample that marks a series
                as stale has the value "stale" there; OpenMetrics has no word for it, so it is left out there and
                counted on stderr. Exit code 1 if something was passed over that should be there; it is named on stderr:
                chunks of an encoding that this build does not decode, and in OpenMetrics series without a metric name.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().size() != 1) {
            throw new UsageException("one block is wanted");
        }
        Writer out = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
        DumpFormat format = switch (arguments.value("format").orElse("openmetrics")) {
            case "openmetrics" -> new DumpFormat.OpenMetrics(out);
            case "jsonl" -> new DumpFormat.JsonLines(out);
            default -> throw new UsageException("--format is openmetrics or jsonl");
        };
        List<Matcher> matchers = matchers(arguments);
        boolean complete = dump(Path.of(arguments.operands().getFirst()), matchers, format, terminal);
        format.finish();
        out.flush();
        check(terminal);
        if (format.staleLeftOut() > 0) {
            terminal.err().println(format.staleLeftOut() + " staleness markers left out; --format jsonl has them");
        }
        return complete ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    /// Whether all that there is was given to `format`.
    private static boolean dump(Path dir, List<Matcher> matchers, DumpFormat format, Terminal terminal)
            throws IOException {
        boolean[] complete = {true};
        long[] done = {0};
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir));
                Progress progress = terminal.progress("dumping " + dir)) {
            block.forEachSeries(matchers, series -> {
                progress.update(++done[0], 0, "series");
                if (!format.begin(series.labels())) {
                    complete[0] = false;
                    terminal.err().println("left out: " + series.labels() + " has no metric name");
                    return;
                }
                Set<Encoding> passedOver = series.forEachSample(format::sample);
                format.end();
                check(terminal);
                if (!passedOver.isEmpty()) {
                    complete[0] = false;
                    terminal.err().println("not decoded: " + passedOver + " chunks of " + series.labels());
                }
            });
        }
        return complete[0];
    }

    /// A [java.io.PrintStream] keeps its errors to itself; half a dump must not look like a whole one.
    private static void check(Terminal terminal) throws IOException {
        if (terminal.out().checkError()) {
            throw new IOException("writing the dump: the output takes no more");
        }
    }

    private static List<Matcher> matchers(Arguments arguments) throws UsageException {
        try {
            return arguments.value("match").map(Matcher::parse).orElse(List.of());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--match: " + e.getMessage());
        }
    }
}
