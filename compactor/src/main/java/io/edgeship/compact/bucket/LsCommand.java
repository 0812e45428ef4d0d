package io.edgeship.compact.bucket;

import io.edgeship.bucket.Bucket;
import io.edgeship.compact.bucket.Table.Column;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// `bucket ls`: blocks by ULID, then what is no block. Reads only.
final class LsCommand extends BucketCommand {
    LsCommand(BucketAccess.Source source) {
        super(source);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket ls",
                "",
                "List blocks, whole and partial",
                List.of(
                        CONFIG,
                        Table.OPTION,
                        BlockColumns.SELECTOR,
                        new Option("inbox", null, "the items of the inbox instead")),
                "Partial blocks and strange names follow the table; they have no labels, so --selector leaves them out.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        Predicate<BucketBlock> selected = BlockColumns.selected(arguments);
        InboxListing inbox = new InboxListing();
        BucketView view = BucketSync.cachedIn(access.cacheDir(), bucket).sync(inbox::listed);
        if (arguments.flag("inbox")) {
            print(inbox, terminal.out());
            return ExitCode.DONE;
        }
        Table<BucketBlock> table = new Table<>(columns());
        view.blocks().stream().filter(selected).forEach(table::add);
        table.print(arguments, terminal.out());
        boolean all = arguments.value("selector").isEmpty();
        boolean forPeople = arguments.value("output").orElse("table").equals("table");
        if (all && forPeople) {
            others(view, terminal.out());
        }
        return ExitCode.DONE;
    }

    private static List<Column<BucketBlock>> columns() {
        return List.of(
                BlockColumns.ulid(),
                BlockColumns.from(),
                BlockColumns.until(),
                Column.of("LEVEL", block -> block.meta().compaction().level()),
                new Column<>("SIZE", BucketBlock::sizeBytes, block -> Sizes.print(block.sizeBytes())),
                BlockColumns.resolution(),
                BlockColumns.source(),
                BlockColumns.labels(),
                new Column<>("STATE", LsCommand::states, block -> String.join(", ", states(block))));
    }

    private static List<String> states(BucketBlock block) {
        List<String> states = new ArrayList<>();
        if (!block.isComplete()) {
            states.add("INCOMPLETE: " + block.missing());
        }
        if (!block.unexpected().isEmpty()) {
            states.add("UNEXPECTED: " + block.unexpected());
        }
        BucketBlock.SeenMark mark = block.deletionMark();
        if (mark != null) {
            states.add("marked for deletion"
                    + (mark.equals(BucketBlock.SeenMark.UNREAD) ? "" : " " + Instant.ofEpochMilli(mark.atMillis()))
                    + (mark.details().isEmpty() ? "" : ": " + mark.details()));
        }
        if (block.noCompact()) {
            states.add("marked no-compact");
        }
        if (block.noDownsample()) {
            states.add("marked no-downsample");
        }
        return states;
    }

    private static void others(BucketView view, PrintStream out) {
        view.partial().forEach(block -> out.println(line(block)));
        view.strange().forEach(name -> out.println(Printable.line(name) + "  no ULID, though Thanos takes it for one"));
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
}
