package io.edgeship.block.cli.logs;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiIndex;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `logs verify PATH...`: a line for each file.
final class LogsVerifyCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "logs verify",
                "PATH...",
                "Check Loki's chunks and indexes: every checksum, every line",
                List.of(),
                "A PATH is a file or a directory. Exit code 1 if a file breaks a rule, cannot be read, or none is found.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().isEmpty()) {
            throw new UsageException("no path named");
        }
        List<Path> files = LokiFiles.of(arguments.operands());
        ExitCode result = files.isEmpty() ? ExitCode.WORK_LEFT : ExitCode.DONE;
        if (files.isEmpty()) {
            terminal.err().println("edgeship logs verify: no chunk and no index found");
        }
        try (Progress progress = terminal.progress("verifying")) {
            for (int i = 0; i < files.size(); i++) {
                progress.update(i, files.size(), "files");
                if (!sound(files.get(i), terminal)) {
                    result = ExitCode.WORK_LEFT;
                }
            }
        }
        return result;
    }

    /// A file that cannot be read stops none of those after it (I5).
    private static boolean sound(Path file, Terminal terminal) {
        try {
            terminal.out().println("PASS " + file + ": " + (LokiFiles.isIndex(file) ? index(file) : chunk(file)));
            return true;
        } catch (IOException e) {
            terminal.out().println("FAIL " + (e.getMessage() == null ? file + ": " + e : e.getMessage()));
            return false;
        }
    }

    private static String index(Path file) throws IOException {
        LokiIndex index = LokiIndexReader.read(file);
        long chunks = index.series().stream()
                .mapToLong(series -> series.chunks().size())
                .sum();
        return "index v%d, %d streams, %d chunks"
                .formatted(index.version(), index.series().size(), chunks);
    }

    private static String chunk(Path file) throws IOException {
        LokiChunk chunk = LokiChunkReader.open(file);
        chunk.forEachEntry(_ -> {});
        return "%s, %d lines, %s"
                .formatted(
                        chunk.header().tenant(), chunk.entries(), chunk.codec().label());
    }
}
