package io.edgeship.compact.bucket;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.mark.NoCompactReason;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.util.List;

/// `bucket mark`: has blocks deleted, or left out of compaction or downsampling.
final class MarkCommand extends BucketCommand {
    static final Option ID = new Option("id", "ULID", "of the block; may be given more than once");
    static final Option MARKER = new Option("marker", "FILE", String.join(", ", Kind.names()));

    MarkCommand(BucketAccess.Source source) {
        super(source);
    }

    /// The marks that there are.
    enum Kind {
        DELETION(Mark.Deletion.FILE_NAME),
        NO_COMPACT(Mark.NoCompact.FILE_NAME),
        NO_DOWNSAMPLE(Mark.NoDownsample.FILE_NAME);

        private final String fileName;

        Kind(String fileName) {
            this.fileName = fileName;
        }

        String fileName() {
            return fileName;
        }

        static Kind of(Arguments arguments) throws UsageException {
            String wanted = arguments.requiredValue("marker");
            for (Kind kind : values()) {
                if (kind.fileName.equals(wanted)) {
                    return kind;
                }
            }
            throw new UsageException("--marker '" + wanted + "' is none of " + String.join(", ", names()));
        }

        private static List<String> names() {
            return List.of(values()).stream().map(Kind::fileName).toList();
        }
    }

    @Override
    public Usage usage() {
        return new Usage(
                "bucket mark",
                "",
                "Have blocks deleted after delete_delay, or left out of compaction or downsampling",
                List.of(
                        CONFIG,
                        ID,
                        MARKER,
                        new Option("details", "TEXT", "why, for people"),
                        new Option("remove", null, "take the mark back, as bucket unmark does")),
                "A mark that is there already is left as it is. Exit code 1 if there is no such block.");
    }

    @Override
    ExitCode run(Bucket bucket, BucketAccess access, Arguments arguments, Terminal terminal)
            throws IOException, UsageException {
        List<BlockId> ids = requiredIds(arguments);
        Kind kind = Kind.of(arguments);
        if (arguments.flag("remove")) {
            return UnmarkCommand.remove(bucket, ids, kind, terminal);
        }
        String details = arguments.requiredValue("details");
        ExitCode result = ExitCode.DONE;
        for (BlockId id : ids) {
            if (bucket.head(BucketLayout.metaKey(id)).isEmpty()) {
                terminal.err().println("edgeship bucket mark: there is no block " + id);
                result = ExitCode.WORK_LEFT;
                continue;
            }
            String outcome = switch (set(new Marks(bucket), id, kind, details)) {
                case SET -> "written";
                case WAS_THERE -> "was there already, left as it is";
            };
            terminal.out().println(BucketLayout.key(id, kind.fileName()) + ": " + outcome);
        }
        return result;
    }

    private static Marks.Outcome set(Marks marks, BlockId id, Kind kind, String details) throws IOException {
        return switch (kind) {
            case DELETION -> marks.delete(id, new DeletionReason.Manual(details));
            case NO_COMPACT -> marks.noCompact(id, NoCompactReason.MANUAL, details);
            case NO_DOWNSAMPLE -> marks.noDownsample(id, NoCompactReason.MANUAL, details);
        };
    }
}
