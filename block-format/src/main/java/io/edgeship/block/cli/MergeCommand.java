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

/// `block merge DIR... OUT`: one block of several.
final class MergeCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block merge",
                "DIR... OUT",
                "Make one block of several: of late samples and the regular block of their time",
                List.of(),
                """
                Where two blocks have a sample of one time, that of the regular block stays, then that of the older one.
                The blocks must have the same external labels, and none may be downsampled.
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
        Path out = Path.of(operands.getLast());
        return RewriteReport.run(RewriteOrder.of(dirs, RewriteReport.labels(dirs)), out, terminal);
    }
}
