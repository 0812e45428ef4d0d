package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.UsageException;
import java.util.ArrayList;
import java.util.List;

/// `bucket …`: opens the bucket of `--config` for what it does.
public abstract sealed class BucketCommand implements Command
        permits LsCommand,
                CatCommand,
                InspectCommand,
                VerifyCommand,
                MarkCommand,
                UnmarkCommand,
                CleanupCommand,
                WhyCommand {
    static final Option CONFIG = new Option("config", "FILE", "compactor.yaml");

    private final BucketAccess.Source source;

    BucketCommand(BucketAccess.Source source) {
        this.source = source;
    }

    /// All of them.
    public static List<Command> all(BucketAccess.Source source) {
        return List.of(
                new LsCommand(source),
                new CatCommand(source),
                new InspectCommand(source),
                new VerifyCommand(source),
                new MarkCommand(source),
                new UnmarkCommand(source),
                new CleanupCommand(source),
                new WhyCommand(source));
    }

    @Override
    public final ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        BucketAccess access = source.read(arguments);
        try (Bucket bucket = Buckets.open(access.objstore())) {
            return run(bucket, access, arguments, terminal);
        }
    }

    abstract ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal) throws Exception;

    /// What `--id` names, in the order given.
    static List<BlockId> ids(Arguments arguments) throws UsageException {
        List<BlockId> ids = new ArrayList<>();
        for (String text : arguments.values("id")) {
            ids.add(BlockId.tryParse(text).orElseThrow(() -> new UsageException("--id '" + text + "' is not a ULID")));
        }
        return ids;
    }

    static List<BlockId> requiredIds(Arguments arguments) throws UsageException {
        List<BlockId> ids = ids(arguments);
        if (ids.isEmpty()) {
            throw new UsageException("--id is missing");
        }
        return ids;
    }
}
