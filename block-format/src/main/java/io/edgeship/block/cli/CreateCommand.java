package io.edgeship.block.cli;

import io.edgeship.block.openmetrics.OpenMetricsImport;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// `block create`: blocks of a file, or made up.
final class CreateCommand implements Command {
    private static final long PROGRESS_MILLIS = 200;

    @Override
    public Usage usage() {
        return new Usage(
                "block create",
                "",
                "Write two-hour blocks: of a file of samples, or made up",
                List.of(
                        new Option("out", "DIR", "where the blocks go"),
                        new Option("openmetrics", "FILE", "samples in the OpenMetrics format, each with a time"),
                        new Option("label", "NAME=VALUE", "an external label of blocks from a file; may be repeated"),
                        new Option(
                                "synthetic", "SPEC", "made-up sites: 'sites=10,series=1200,days=15,step=30s,seed=1'")),
                """
                Prints the blocks' directories. SPEC may have start=2026-01-01 too; what it leaves out is as above.
                The same input always gives the same blocks; one that is there already is an error.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        Path out = Path.of(arguments.requiredValue("out"));
        boolean fromFile = arguments.flag("openmetrics");
        if (fromFile == arguments.flag("synthetic")) {
            throw new UsageException("either --openmetrics or --synthetic is wanted");
        }
        if (!fromFile && arguments.flag("label")) {
            throw new UsageException("--label goes with --openmetrics; made-up sites have the label site");
        }
        List<Path> written = fromFile ? ofFile(arguments, out, terminal) : madeUp(arguments, out, terminal);
        written.forEach(terminal.out()::println);
        return ExitCode.DONE;
    }

    private static List<Path> ofFile(Arguments arguments, Path out, Terminal terminal)
            throws IOException, UsageException {
        Map<String, String> labels = labels(arguments);
        Path file = Path.of(arguments.requiredValue("openmetrics"));
        long size = Files.size(file);
        Files.createDirectories(out);
        try (Progress progress = terminal.progress("reading " + file)) {
            return OpenMetricsImport.run(file, out, labels, bytes -> progress.update(bytes, size, "bytes"));
        }
    }

    /// What `--label NAME=VALUE`, once or more, says.
    static SortedMap<String, String> labels(Arguments arguments) throws UsageException {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String label : arguments.values("label")) {
            int equals = label.indexOf('=');
            if (equals < 1 || labels.put(label.substring(0, equals), label.substring(equals + 1)) != null) {
                throw new UsageException("--label " + label + " is not a label like site=shop, given once");
            }
        }
        return labels;
    }

    private static List<Path> madeUp(Arguments arguments, Path out, Terminal terminal)
            throws IOException, UsageException {
        SyntheticSpec spec;
        try {
            spec = SyntheticSpec.parse(arguments.requiredValue("synthetic"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--synthetic: " + e.getMessage());
        }
        Files.createDirectories(out);
        AtomicLong samples = new AtomicLong();
        List<Path> written = new ArrayList<>();
        try (ExecutorService processors =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
                Progress progress = terminal.progress("making up")) {
            List<Future<List<Path>>> sites = new ArrayList<>();
            for (int site = 0; site < spec.sites(); site++) {
                int number = site;
                sites.add(processors.submit(() -> SyntheticBlocks.write(spec, number, out, samples::addAndGet)));
            }
            try {
                for (Future<List<Path>> site : sites) {
                    written.addAll(wait(site, () -> progress.update(samples.get(), spec.samples(), "samples")));
                }
            } finally {
                processors.shutdownNow();
            }
        }
        return written;
    }

    private static List<Path> wait(Future<List<Path>> site, Runnable meanwhile) throws IOException {
        while (true) {
            try {
                return site.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                meanwhile.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
    }
}
