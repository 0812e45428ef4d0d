package io.edgeship.block.cli;

import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `block transcode DIR OUT`: the block with none but encodings that a stock Thanos reads.
final class TranscodeCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block transcode",
                "DIR OUT",
                "Write a block anew so that a stock Thanos reads it",
                List.of(),
                RewriteReport.HELP);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().size() != 2) {
            throw new UsageException("a block and a directory for the new one are wanted");
        }
        List<Path> dirs = List.of(Path.of(arguments.operands().getFirst()));
        Path out = Path.of(arguments.operands().getLast());
        return RewriteReport.run(RewriteOrder.of(dirs, RewriteReport.labels(dirs)), out, terminal);
    }
}
