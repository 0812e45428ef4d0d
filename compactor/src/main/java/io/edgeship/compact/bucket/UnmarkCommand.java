package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.mark.Marks;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.util.List;

/// `bucket unmark`: takes marks back.
final class UnmarkCommand extends BucketCommand {
    UnmarkCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket unmark",
                "",
                "Take back a mark of blocks",
                List.of(CONFIG, MarkCommand.ID, MarkCommand.MARKER),
                "A block whose deletion has begun does not come back. A mark that is not there is no error.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        return remove(bucket, requiredIds(arguments), MarkCommand.Kind.of(arguments), terminal);
    }

    static ExitCode remove(Bucket bucket, List<BlockId> ids, MarkCommand.Kind kind, Terminal terminal)
            throws IOException {
        for (BlockId id : ids) {
            String key = BucketLayout.key(id, kind.fileName());
            boolean there = bucket.head(key).isPresent();
            if (there) {
                new Marks(bucket).remove(id, kind.fileName());
            }
            terminal.out().println(key + ": " + (there ? "removed" : "was not there"));
        }
        return ExitCode.DONE;
    }
}
