package io.edgeship.block.cli;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// `block rewrite DIR... OUT`: one block of several, cut, rounded and downsampled.
final class RewriteCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block rewrite",
                "DIR... OUT",
                "Make one block of one or several, with less in it",
                List.of(
                        new Option("keep", "RANGE", "only samples of this time, FROM..TO; may be repeated"),
                        new Option("round", "DIGITS", "float values to so many significant digits"),
                        new Option("resolution", "WINDOW", "5m: write the downsampled block"),
                        new Option("label", "NAME=VALUE", "an external label of the new block; may be repeated")),
                """
                FROM (inclusive) and TO (exclusive) are milliseconds since 1970 or times like 2026-01-31T08:00:00Z.
                External labels are those of the blocks, which must have the same, and what --label says.
                """ + RewriteReport.HELP);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        List<String> operands = arguments.operands();
        if (operands.size() < 2) {
            throw new UsageException("blocks and a directory for the new one are wanted");
        }
        List<Path> dirs =
                operands.subList(0, operands.size() - 1).stream().map(Path::of).toList();
        RewriteOrder order = new RewriteOrder(
                dirs,
                labels(arguments, dirs),
                kept(arguments),
                Relabeling.NONE,
                digits(arguments),
                resolution(arguments));
        return RewriteReport.run(order, Path.of(operands.getLast()), terminal);
    }

    private static SortedMap<String, String> labels(Arguments arguments, List<Path> dirs)
            throws IOException, UsageException {
        SortedMap<String, String> given = CreateCommand.labels(arguments);
        SortedMap<String, String> labels = new TreeMap<>(RewriteReport.labels(dirs));
        labels.putAll(given);
        return labels;
    }

    private static List<TimeRange> kept(Arguments arguments) throws UsageException {
        List<TimeRange> kept = new ArrayList<>();
        for (String range : arguments.values("keep")) {
            int dots = range.indexOf("..");
            long from = dots < 0 ? 0 : millis(range.substring(0, dots));
            long to = dots < 0 ? 0 : millis(range.substring(dots + 2));
            if (to <= from) {
                throw new UsageException("--keep " + range + " is not a time, two dots and a later time");
            }
            kept.add(new TimeRange(from, to));
        }
        return kept;
    }

    private static long millis(String time) throws UsageException {
        try {
            return time.matches("-?[0-9]{1,18}")
                    ? Long.parseLong(time)
                    : Instant.parse(time).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new UsageException("--keep: '" + time + "' is no time like 2026-01-31T08:00:00Z, nor milliseconds");
        }
    }

    private static OptionalInt digits(Arguments arguments) throws UsageException {
        Optional<String> digits = arguments.value("round");
        if (digits.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!digits.get().matches("[1-9]|1[0-7]")) {
            throw new UsageException("--round is a number of digits, 1 to " + RewriteOrder.DIGITS_MAX);
        }
        return OptionalInt.of(Integer.parseInt(digits.get()));
    }

    private static Optional<Resolution> resolution(Arguments arguments) throws UsageException {
        Optional<String> window = arguments.value("resolution");
        if (window.isPresent() && !window.get().equals("5m")) {
            throw new UsageException("--resolution is 5m");
        }
        return window.map(_ -> Resolution.FIVE_MINUTES);
    }
}
