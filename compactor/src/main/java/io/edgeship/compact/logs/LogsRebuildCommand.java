package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// `logs index --rebuild`
final class LogsRebuildCommand extends LogsCommand {
    LogsRebuildCommand(LogsAccess access) {
        super(access);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "logs index",
                "",
                "Make the indexes that the central Loki's bucket lacks",
                List.of(
                        new Option("rebuild", null, "of the chunks in the bucket that the index of their day lacks"),
                        CONFIG,
                        TENANT,
                        DAY),
                """
                Adds an index for each tenant and day that lacks chunks, of what the chunks say themselves; of large ones only
                both ends are read. What is there is left alone: an index that is damaged has to be deleted by hand. Exit
                code 1 if a chunk cannot be read; it is named on stderr, and in no index.
                """);
    }

    @Override
    ExitCode run(Work work, Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (!arguments.flag("rebuild")) {
            throw new UsageException("--rebuild is wanted");
        }
        LostIndexes lost = new LostIndexes(work.bucket(), work.loki());
        Rebuilding rebuilding = new Rebuilding(lost, work.line(), terminal);
        work.audit(rebuilding);
        lost.write();
        work.line().wipe();
        terminal.out()
                .println("%d entries in %d indexes; %d chunks could not be read"
                        .formatted(lost.chunks(), lost.indexes(), rebuilding.unreadable));
        return rebuilding.unreadable == 0 ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static final class Rebuilding implements LogsAudit.Findings {
        private final LostIndexes lost;
        private final Progress line;
        private final Terminal terminal;
        private long unreadable;

        Rebuilding(LostIndexes lost, Progress line, Terminal terminal) {
            this.lost = lost;
            this.line = line;
            this.terminal = terminal;
        }

        private void say(String words) {
            line.wipe();
            terminal.err().println(words);
        }

        @Override
        public void withoutChunk(String index, LokiChunkKey chunk) {
            say("no chunk %s, which is in %s".formatted(chunk, index));
        }

        @Override
        public void damaged(String index, String why) {
            say("damaged, to be deleted by hand: %s: %s".formatted(index, why));
        }

        @Override
        public void withoutIndex(LokiChunkKey chunk, long bytes, long day, Instant storedAt) throws IOException {
            try {
                lost.add(chunk, bytes, day);
            } catch (CorruptFormatException | RejectedException | BucketException.NotFound e) {
                unreadable++;
                say("left out: %s: %s".formatted(chunk, e.getMessage()));
            }
        }
    }
}
