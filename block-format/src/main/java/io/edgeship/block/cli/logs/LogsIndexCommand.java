package io.edgeship.block.cli.logs;

import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiDayIndexes;
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

/// `logs index CHUNKS_DIR OUT`: what Loki lost, or never had, made of the chunks alone.
final class LogsIndexCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "logs index",
                "CHUNKS_DIR OUT",
                "Make the index of every tenant and day from the chunks found in a directory",
                List.of(new Option("prefix", "PREFIX", "of Loki's tables, as its schema has it (default: index_)")),
                """
                Writes OUT/index/PREFIX<day>/<tenant>/….tsdb.gz, version 3, and prints each. The same chunks give the same
                names and bytes. Exit code 1 if a chunk breaks a rule; it is named on stderr, and in no index.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().size() != 2) {
            throw new UsageException("a directory of chunks and one for the index are wanted");
        }
        String prefix = arguments.value("prefix").orElse("index_");
        if (prefix.contains("/")) {
            throw new UsageException("--prefix '" + prefix + "' is no part of a name");
        }
        LokiDayIndexes indexes = new LokiDayIndexes(prefix);
        List<Path> files = LokiFiles.chunksOf(List.of(arguments.operands().getFirst()));
        ExitCode result = ExitCode.DONE;
        try (Progress progress = terminal.progress("reading chunks")) {
            for (int i = 0; i < files.size(); i++) {
                progress.update(i, files.size(), "chunks");
                try {
                    indexes.add(LokiChunkReader.open(files.get(i)));
                } catch (IOException e) {
                    terminal.err().println("edgeship logs index: left out: " + e.getMessage());
                    result = ExitCode.WORK_LEFT;
                }
            }
        }
        Path out = Path.of(arguments.operands().getLast());
        for (LokiDayIndexes.IndexFile file : indexes.files()) {
            terminal.out().println(NewFile.write(out.resolve(file.path()), file.bytes()));
        }
        return result;
    }
}
