package io.edgeship.block.cli;

import io.edgeship.block.downsample.BlockDownsampler;
import io.edgeship.block.downsample.Resolution;
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
import java.util.Optional;

/// `block downsample DIR OUT`: the block with one sample a window.
final class DownsampleCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block downsample",
                "DIR OUT",
                "Write the downsampled block of a block, as Thanos would",
                List.of(new Option("resolution", "WINDOW", "5m, of a raw block, or 1h, of a block of 5m")),
                "Prints the new block's directory. The same block always gives the same one.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().size() != 2) {
            throw new UsageException("a block and a directory for the new one are wanted");
        }
        Resolution resolution = switch (arguments.requiredValue("resolution")) {
            case "5m" -> Resolution.FIVE_MINUTES;
            case "1h" -> Resolution.ONE_HOUR;
            default -> throw new UsageException("--resolution is 5m or 1h");
        };
        Path dir = Path.of(arguments.operands().getFirst());
        Path out = Path.of(arguments.operands().getLast());
        Optional<Path> written;
        try (Progress progress = terminal.progress("downsampling")) {
            written = BlockDownsampler.downsample(
                    dir, out, resolution, (done, total) -> progress.update(done, total, "series"));
        }
        if (written.isEmpty()) {
            terminal.err().println("nothing is left of " + dir + ": no block is written");
        } else {
            terminal.out().println(written.get());
        }
        return ExitCode.DONE;
    }
}
