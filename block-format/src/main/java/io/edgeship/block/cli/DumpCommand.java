package io.edgeship.block.cli;

import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
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
                        new Option("match", "SELECTOR", "only these series: 'up{job=\"x\",site!=\"y\"}'"),
                        new Option("format", "FORMAT", "openmetrics (default), which promtool reads back, or jsonl")),
                """
                jsonl prints one series a line: {"labels":{…},"samples":[[ms,"value"],…]}. A sample that marks a series as stale
                has the value "stale" there; OpenMetrics has no word for it, so it is left out there and counted on stderr.
                Exit code 1 if chunks of an encoding that this build does not decode were passed over; they are named.
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
        boolean[] complete = {true};
        try (BlockReader block =
                BlockReader.open(BlockFiles.of(Path.of(arguments.operands().getFirst())))) {
            block.forEachSeries(matchers, series -> {
                format.begin(series.labels());
                Set<Encoding> passedOver = series.forEachSample(format::sample);
                format.end();
                if (!passedOver.isEmpty()) {
                    complete[0] = false;
                    terminal.err().println("not decoded: " + passedOver + " chunks of " + series.labels());
                }
            });
        }
        format.finish();
        out.flush();
        if (format.staleLeftOut() > 0) {
            terminal.err().println(format.staleLeftOut() + " staleness markers left out; --format jsonl has them");
        }
        return complete[0] ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static List<Matcher> matchers(Arguments arguments) throws UsageException {
        try {
            return arguments.value("match").map(Matcher::parse).orElse(List.of());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--match: " + e.getMessage());
        }
    }
}
