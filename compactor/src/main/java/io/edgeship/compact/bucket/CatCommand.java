package io.edgeship.compact.bucket;

import io.edgeship.bucket.Bucket;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.util.List;

/// `bucket cat KEY`
final class CatCommand extends BucketCommand {
    CatCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket cat", "KEY", "Print one object; messages of sites and centre in words", List.of(CONFIG), "");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        if (arguments.operands().size() != 1) {
            throw new UsageException("one key is wanted");
        }
        terminal.out().println(Messages.text(bucket, arguments.operands().getFirst()));
        return ExitCode.DONE;
    }
}
