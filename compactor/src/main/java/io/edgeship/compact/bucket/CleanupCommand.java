package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `bucket cleanup`: what the role `clean` does in a cycle, once.
final class CleanupCommand extends BucketCommand {
    CleanupCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket cleanup",
                "",
                "Remove abandoned uploads, and blocks whose deletion mark is old enough",
                List.of(CONFIG, new Option("dry-run", null, "say what would go, and remove nothing")),
                "By the delays, and within the selector, of compactor.yaml. Exit code 1 if something could not be removed.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal) throws IOException {
        BucketView all = BucketSync.cachedIn(access.cacheDir(), bucket).sync();
        StoreClock clock = bucket.clock();
        Optional<String> obstacle = ClocksAgree.obstacle(clock);
        if (obstacle.isPresent()) {
            terminal.err().println("edgeship bucket cleanup: " + obstacle.get() + ", nothing is removed");
            return ExitCode.WORK_LEFT;
        }
        Instant now = clock.bestTime();
        BucketView view = all.without(notSelected(all, access));
        Cleaner cleaner = new Cleaner(bucket, access.partialDelay(), access.deleteDelay());
        if (arguments.flag("dry-run")) {
            print(cleaner.due(view, now), terminal.out());
            return ExitCode.DONE;
        }
        Cleaner.Cleaned cleaned = cleaner.clean(view, now);
        cleaned.uploads().forEach(id -> terminal.out().println(id + "  abandoned upload, removed"));
        cleaned.marked().forEach(id -> terminal.out().println(id + "  marked for deletion, removed"));
        if (cleaned.orphans() > 0) {
            terminal.out().println(cleaned.orphans() + " multipart uploads that nobody finished were dropped");
        }
        return cleaned.failures() == 0 ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static Set<BlockId> notSelected(BucketView view, BucketAccess access) {
        return view.blocks().stream()
                .filter(access.selected().negate())
                .map(block -> block.meta().id())
                .collect(Collectors.toSet());
    }

    private static void print(Cleaner.Due due, PrintStream out) {
        for (PartialBlock upload : due.uploads()) {
            out.println("%s  abandoned upload, would be removed: %d objects, newest %s"
                    .formatted(upload.id(), upload.objects(), Instant.ofEpochMilli(upload.newestMillis())));
        }
        for (BucketBlock block : due.marked()) {
            out.println(block.meta().id() + "  marked for deletion, would be removed");
        }
    }
}
