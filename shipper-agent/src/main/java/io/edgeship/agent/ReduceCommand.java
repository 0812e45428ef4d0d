package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.ship.Found;
import io.edgeship.ship.Preview;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.reduce.SavingsMeter;
import io.edgeship.ship.reduce.SavingsReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `reduce --dry-run`: which metrics the blocks on the disk consist of, and what the configured rules save of each.
/// Changes nothing, and works beside a running agent.
final class ReduceCommand implements Command {
    /// A day of two-hour blocks.
    private static final int BLOCKS = 12;

    private static final int TOP = 20;

    @Override
    public Usage usage() {
        return new Usage(
                "reduce",
                "[ULID...]",
                "Report, by metric, what the blocks on the disk take and what the configured rules save",
                List.of(
                        new Option("config", "FILE", "agent.yaml; without rules in it the largest metrics are shown"),
                        new Option("dry-run", null, "wanted, for nothing is changed: sealing applies the rules"),
                        new Option("top", "N", "how many metrics are shown; " + TOP),
                        new Option("blocks", "N", "how many blocks are read, the newest; " + BLOCKS),
                        new Option("json", null, "print JSON, with every metric")),
                "Counted are chunks, index entries of series, and their postings; not symbols and tables, which series\n"
                        + "share, and not what rounding and a resolution save. Chunks count as they are on the disk.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        if (!arguments.flag("dry-run")) {
            throw new UsageException(
                    "the agent applies the rules when it seals a block; --dry-run says what they save");
        }
        int top = number(arguments, "top", TOP);
        int blocks = number(arguments, "blocks", BLOCKS);
        Set<BlockId> wanted = ids(arguments.operands());
        Set<BlockId> missing = new HashSet<>(wanted);
        boolean allRead = true;
        List<JsonObject> sources = new ArrayList<>();
        for (SourceConfig source : AgentCommand.config(arguments).sources()) {
            Sources.requireDirectory(source.path());
            List<Found> chosen = choose(source, wanted, blocks);
            chosen.forEach(block -> missing.remove(block.meta().id()));
            List<SavingsReport> reports = read(source, chosen, terminal);
            allRead &= reports.size() == chosen.size();
            Optional<SavingsReport> sum = reports.stream().reduce(SavingsReport::plus);
            if (arguments.flag("json")) {
                sources.add(SavingsText.json(source, sum));
            } else {
                SavingsText.print(source, sum, top, terminal.out());
            }
        }
        if (arguments.flag("json")) {
            JsonObject all = JsonObject.empty().with("sources", sources);
            terminal.out().println(new String(all.toIndentedBytes(), StandardCharsets.UTF_8));
        }
        missing.forEach(id -> terminal.err().println(id + " is no block of a source"));
        return allRead && missing.isEmpty() ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    /// Oldest data first.
    private static List<Found> choose(SourceConfig source, Set<BlockId> wanted, int blocks) throws IOException {
        List<Found> all =
                new ArrayList<>(Preview.of(source, InstantSource.system()).keySet());
        if (!wanted.isEmpty()) {
            all.removeIf(block -> !wanted.contains(block.meta().id()));
            return all;
        }
        return all.subList(Math.max(0, all.size() - blocks), all.size());
    }

    /// A block that cannot be read is named and left out.
    private static List<SavingsReport> read(SourceConfig source, List<Found> blocks, Terminal terminal) {
        List<SavingsReport> reports = new ArrayList<>();
        long series = blocks.stream()
                .mapToLong(block -> block.meta().stats().numSeries())
                .sum();
        long[] done = {0};
        try (Progress progress = terminal.progress("reading " + blocks.size() + " block(s)")) {
            for (Found block : blocks) {
                try {
                    reports.add(SavingsMeter.of(
                            block.dir(),
                            block.meta(),
                            source.reduction().relabeling(),
                            read -> progress.update(done[0] + read, series, "series")));
                } catch (IOException e) {
                    terminal.err().println(block.dir() + " is left out: " + e.getMessage());
                }
                done[0] += block.meta().stats().numSeries();
            }
        }
        return reports;
    }

    private static Set<BlockId> ids(List<String> operands) throws UsageException {
        Set<BlockId> ids = new HashSet<>();
        for (String operand : operands) {
            ids.add(BlockId.tryParse(operand).orElseThrow(() -> new UsageException("'" + operand + "' is not a ULID")));
        }
        return ids;
    }

    private static int number(Arguments arguments, String option, int fallback) throws UsageException {
        String text = arguments.value(option).orElse(Integer.toString(fallback));
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--" + option + " is a whole number, not '" + text + "'");
        }
        throw new UsageException("--" + option + " is more than zero");
    }
}
