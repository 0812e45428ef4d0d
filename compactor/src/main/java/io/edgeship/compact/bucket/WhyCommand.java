package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.plan.Planner;
import io.edgeship.compact.plan.Why;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.util.List;

/// `bucket why ULID`: what becomes of one block, and why.
final class WhyCommand extends BucketCommand {
    WhyCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket why",
                "ULID",
                "Say what becomes of a block, what it waits for, and in which plan it is",
                List.of(CONFIG),
                "");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal) throws Exception {
        if (arguments.operands().size() != 1) {
            throw new UsageException("one ULID is wanted");
        }
        String text = arguments.operands().getFirst();
        BlockId id = BlockId.tryParse(text).orElseThrow(() -> new UsageException("'%s' is no ULID".formatted(text)));
        BucketView view = BucketSync.cachedIn(access.cacheDir(), bucket).sync();
        Planned planned = Planner.plan(view, bucket.clock().bestTime(), access.planRules());
        Why.of(view, planned, id).forEach(line -> terminal.out().println(Printable.line(line)));
        return ExitCode.DONE;
    }
}
