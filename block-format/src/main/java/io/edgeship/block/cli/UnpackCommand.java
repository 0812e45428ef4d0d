package io.edgeship.block.cli;

import io.edgeship.block.pack.PackContents;
import io.edgeship.block.pack.UnpackedDirectory;
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

/// `block unpack FILE DIR`: the block of a pack.
final class UnpackCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block unpack",
                "FILE DIR",
                "Make a block of its pack again, every byte as it was",
                List.of(),
                "DIR is made, and gets its name only when every file's SHA-256 was that of the packed one.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        List<String> operands = arguments.operands();
        if (operands.size() != 2) {
            throw new UsageException("a pack and a directory for its block are wanted");
        }
        Path dir = Path.of(operands.getLast());
        PackContents contents = unpack(Path.of(operands.getFirst()), dir, terminal);
        terminal.out()
                .println(
                        "%s: %d files, %d bytes".formatted(dir, contents.files().size(), contents.sizeBytes()));
        return ExitCode.DONE;
    }

    private static PackContents unpack(Path pack, Path dir, Terminal terminal) throws IOException {
        try (Progress progress = terminal.progress("unpacking " + pack)) {
            return UnpackedDirectory.of(pack, dir, (done, total) -> progress.update(done, total, "bytes"));
        }
    }
}
