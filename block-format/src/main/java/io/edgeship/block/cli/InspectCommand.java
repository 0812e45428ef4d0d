package io.edgeship.block.cli;

import io.edgeship.block.LabelSet;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.IndexReader;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// `block inspect DIR`: what is in a block, for people.
final class InspectCommand implements Command {
    private static final int LARGEST_SHOWN = 10;

    @Override
    public Usage usage() {
        return new Usage(
                "block inspect",
                "DIR",
                "Describe a block: time, lineage, labels, series, chunks by encoding, label names by values",
                List.of(),
                "");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().size() != 1) {
            throw new UsageException("one block is wanted");
        }
        Path dir = Path.of(arguments.operands().getFirst());
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        describe(meta, terminal.out());
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir));
                Progress progress = terminal.progress("reading " + dir)) {
            content(block, meta, terminal.out(), progress);
        }
        try (var files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                line(terminal.out(), dir.relativize(file).toString(), Sizes.print(Files.size(file)));
            }
        }
        return ExitCode.DONE;
    }

    private static void describe(BlockMeta meta, PrintStream out) {
        line(out, "block", meta.id().toString());
        Duration span = Duration.ofMillis(meta.range().maxTime() - meta.range().minTime());
        line(
                out,
                "time",
                "%s to %s (%s)"
                        .formatted(
                                Instant.ofEpochMilli(meta.range().minTime()),
                                Instant.ofEpochMilli(meta.range().maxTime()),
                                Durations.print(span)));
        line(
                out,
                "level",
                meta.compaction().level() + ", of "
                        + meta.compaction().sources().size() + " source block(s)");
        if (!meta.compaction().hints().isEmpty()) {
            line(out, "hints", String.join(", ", meta.compaction().hints()));
        }
        ThanosMeta thanos = meta.thanos();
        if (thanos != null) {
            describe(thanos, out);
        }
    }

    private static void describe(ThanosMeta thanos, PrintStream out) {
        line(out, "external labels", LabelSet.of(thanos.labels()).toString());
        line(
                out,
                "resolution",
                thanos.resolutionMillis() == 0 ? "raw" : Durations.print(Duration.ofMillis(thanos.resolutionMillis())));
        line(out, "source", thanos.source());
        line(out, "uploaded", thanos.uploadTime() == null ? "not yet" : String.valueOf(thanos.uploadTime()));
    }

    private static void content(BlockReader block, BlockMeta meta, PrintStream out, Progress progress)
            throws IOException {
        Map<Encoding, Long> encodings = new EnumMap<>(Encoding.class);
        Map<String, Long> metrics = new HashMap<>();
        long[] counts = new long[2];
        block.forEachSeries(List.of(), series -> {
            progress.update(++counts[0], meta.stats().numSeries(), "series");
            metrics.merge(series.labels().get(LabelSet.METRIC_NAME).orElse("(no name)"), 1L, Long::sum);
            for (ChunkMeta chunk : series.chunks()) {
                counts[1]++;
                encodings.merge(block.chunk(chunk.ref()).encoding(), 1L, Long::sum);
            }
        });
        progress.close();
        Map<String, Long> labelNames = labelNames(block.index());
        line(out, "series", Long.toString(counts[0]));
        line(out, "samples", Long.toString(meta.stats().numSamples()));
        line(out, "chunks", counts[1] + " " + encodings);
        line(out, "symbols", Long.toString(block.index().symbols().count()));
        line(out, "index version", Integer.toString(block.index().version()));
        line(out, "label names", Integer.toString(labelNames.size()));
        largest(metrics, (metric, series) -> line(out, "metric", series + " series of " + metric));
        largest(labelNames, (name, values) -> line(out, "label", values + " values of " + name));
    }

    /// Each with how many values it has.
    private static Map<String, Long> labelNames(IndexReader index) throws IOException {
        Map<String, Long> valuesOf = new HashMap<>();
        index.forEachPostings((name, _, _) -> valuesOf.merge(name, 1L, Long::sum));
        valuesOf.remove(""); // stands for all series
        return valuesOf;
    }

    private static void largest(Map<String, Long> counts, BiConsumer<String, Long> consumer) {
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(LARGEST_SHOWN)
                .forEach(entry -> consumer.accept(entry.getKey(), entry.getValue()));
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-16s %s%n", name, value);
    }
}
