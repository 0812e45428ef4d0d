package io.edgeship.block.cli;

import io.edgeship.block.diff.BlockDiff;
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

/// `block diff A B`: what one block has and another has not.
final class DiffCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block diff",
                "A B",
                "Compare the samples of two blocks",
                List.of(new Option("ignore-starts", null, "start timestamps may differ, as they do after transcode")),
                """
                How samples are cut into chunks and encoded, and buckets that are empty, make no difference; a bit of a
                value does. Prints the first differences and how many there are. Exit code 1 if there is one.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        List<String> operands = arguments.operands();
        if (operands.size() != 2) {
            throw new UsageException("two blocks are wanted");
        }
        BlockDiff.Result result;
        try (Progress progress = terminal.progress("comparing")) {
            result = BlockDiff.compare(
                    Path.of(operands.getFirst()),
                    Path.of(operands.getLast()),
                    arguments.flag("ignore-starts"),
                    done -> progress.update(done, 0, "series"));
        }
        result.differences().forEach(difference -> terminal.out().println(difference));
        String looked = "%d series, %d samples".formatted(result.series(), result.samples());
        if (result.count() == 0) {
            terminal.out().println("no difference in " + looked);
            return ExitCode.DONE;
        }
        terminal.out().println("%d differences in %s".formatted(result.count(), looked));
        return ExitCode.WORK_LEFT;
    }
}
