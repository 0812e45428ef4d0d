package io.edgeship.block.cli;

import io.edgeship.block.transcode.BlockTranscoder;
import io.edgeship.block.transcode.RewrittenBlock;
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
import java.util.Optional;

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
        Path dir = Path.of(arguments.operands().getFirst());
        Path out = Path.of(arguments.operands().getLast());
        try (Progress progress = terminal.progress("transcoding")) {
            Optional<RewrittenBlock> written =
                    BlockTranscoder.transcode(dir, out, (done, total) -> progress.update(done, total, "series"));
            return RewriteReport.print(written, terminal);
        }
    }
}
