package io.edgeship.block.cli;

import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.MetricCosts;
import io.edgeship.block.pack.PackStats;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `block pack DIR FILE`: a block as one small file.
final class PackCommand implements Command {
    private static final int METRICS_SHOWN = 30;

    @Override
    public Usage usage() {
        return new Usage(
                "block pack",
                "DIR [FILE]",
                "Write a block as one file of about an eighth of its size",
                List.of(new Option("stat", null, "write nothing; print which metrics take most")),
                """
                'block unpack' makes the very same files again; that was tried before FILE gets its name.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        boolean isStat = arguments.flag("stat");
        List<String> operands = arguments.operands();
        if (operands.size() != (isStat ? 1 : 2)) {
            throw new UsageException(isStat ? "a block is wanted" : "a block and a file for its pack are wanted");
        }
        Path dir = Path.of(operands.getFirst());
        if (isStat) {
            print(costs(dir, terminal), terminal);
        } else {
            print(pack(dir, Path.of(operands.getLast()), terminal), terminal);
        }
        return ExitCode.DONE;
    }

    private static List<MetricCosts.Cost> costs(Path dir, Terminal terminal) throws IOException {
        try (Progress progress = terminal.progress("packing " + dir)) {
            return MetricCosts.of(dir, (done, total) -> progress.update(done, total / 2, "bytes"));
        }
    }

    private static PackStats pack(Path dir, Path file, Terminal terminal) throws IOException {
        try (Progress progress = terminal.progress("packing " + dir)) {
            return BlockPacker.pack(dir, file, (done, total) -> progress.update(done, total, "bytes, there and back"));
        }
    }

    private static void print(PackStats stats, Terminal terminal) {
        String how = stats.isColumnar()
                ? "%d series, %d of %d chunks as they are"
                        .formatted(stats.series(), stats.carriedChunks(), stats.chunks())
                : "the files as they are, compressed";
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%d bytes of %d: %.4f (%s)",
                        stats.packBytes(),
                        stats.rawBytes(),
                        stats.ratio(),
                        how));
    }

    private static void print(List<MetricCosts.Cost> costs, Terminal terminal) {
        double total = Math.max(
                1, costs.stream().mapToLong(MetricCosts.Cost::packedBytes).sum());
        terminal.out().println("packed bytes  part    series    samples   in chunks  metric");
        for (MetricCosts.Cost cost : costs.subList(0, Math.min(METRICS_SHOWN, costs.size()))) {
            double part = 100 * (double) cost.packedBytes() / total;
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%12d %4.1f%% %9d %10d %11d  %s",
                            cost.packedBytes(),
                            part,
                            cost.series(),
                            cost.samples(),
                            cost.rawBytes(),
                            cost.metric()));
        }
        if (costs.size() > METRICS_SHOWN) {
            terminal.out().println("… and %d more metrics".formatted(costs.size() - METRICS_SHOWN));
        }
    }
}
