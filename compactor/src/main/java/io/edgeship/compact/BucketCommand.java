package io.edgeship.compact;

import io.edgeship.block.LabelSet;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Sizes;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;

/// `bucket …`: what lies in the bucket. Reads only.
abstract sealed class BucketCommand implements Command {
    /// `bucket ls`
    static final class Ls extends BucketCommand {
        @Override
        public Usage usage() {
            return new Usage(
                    "bucket ls",
                    "",
                    "List blocks, whole and partial",
                    List.of(
                            CompactCommand.OPTIONS.getFirst(),
                            new Option("inbox", null, "the items of the inbox instead")),
                    "");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            CompactorConfig config = CompactCommand.config(arguments);
            try (Bucket bucket = Buckets.open(config.objstore())) {
                InboxListing inbox = new InboxListing();
                BucketView view = BucketSync.cachedIn(config.cacheDir(), bucket).sync(inbox::listed);
                if (arguments.flag("inbox")) {
                    print(inbox, terminal.out());
                } else {
                    print(view, terminal.out());
                }
            }
            return ExitCode.DONE;
        }

        private static void print(BucketView view, PrintStream out) {
            view.blocks().forEach(block -> out.println(line(block)));
            view.partial().forEach(block -> out.println(line(block)));
            view.strange()
                    .forEach(name -> out.println(Printable.line(name) + "  no ULID, though Thanos takes it for one"));
        }

        private static void print(InboxListing inbox, PrintStream out) {
            inbox.items().forEach(item -> out.println(line(item)));
            inbox.strange().forEach(key -> out.println(Printable.line(key) + "  no part of an item"));
        }

        private static String line(InboxItem item) {
            return Printable.line("%s  %s  %s  %d pieces  %10s  newest %s  %s"
                    .formatted(
                            item.id(),
                            item.site(),
                            item.incarnation(),
                            item.pieces(),
                            Sizes.print(item.bytes()),
                            Instant.ofEpochMilli(item.newestMillis()),
                            item.hasManifest() ? "manifest" : "no manifest"));
        }

        private static String line(BucketBlock block) {
            String line = "%s  %s  %s  level %d  %10s  %s"
                    .formatted(
                            block.meta().id(),
                            Instant.ofEpochMilli(block.meta().range().minTime()),
                            Instant.ofEpochMilli(block.meta().range().maxTime()),
                            block.meta().compaction().level(),
                            Sizes.print(block.sizeBytes()),
                            LabelSet.of(block.labels()));
            line += block.isComplete() ? "" : "  INCOMPLETE: " + block.missing();
            line += block.unexpected().isEmpty() ? "" : "  UNEXPECTED: " + block.unexpected();
            BucketBlock.SeenMark mark = block.deletionMark();
            line += mark == null ? "" : "  marked for deletion " + Instant.ofEpochMilli(mark.atMillis());
            return Printable.line(line);
        }

        private static String line(PartialBlock block) {
            return Printable.line("%s  partial%s: %s; %d objects, newest %s"
                    .formatted(
                            block.id(),
                            block.isRemovable() ? "" : ", left alone",
                            block.why(),
                            block.objects(),
                            Instant.ofEpochMilli(block.newestMillis())));
        }
    }

    /// `bucket cat KEY`
    static final class Cat extends BucketCommand {
        @Override
        public Usage usage() {
            return new Usage(
                    "bucket cat",
                    "KEY",
                    "Print one object; messages of sites and centre in words",
                    CompactCommand.OPTIONS,
                    "");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            if (arguments.operands().size() != 1) {
                throw new UsageException("one key is wanted");
            }
            String key = arguments.operands().getFirst();
            try (Bucket bucket = Buckets.open(CompactCommand.config(arguments).objstore())) {
                terminal.out().println(Messages.text(bucket, key));
            }
            return ExitCode.DONE;
        }
    }
}
