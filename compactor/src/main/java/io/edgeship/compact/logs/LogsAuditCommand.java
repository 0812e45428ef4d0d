package io.edgeship.compact.logs;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// `logs audit`
final class LogsAuditCommand extends LogsCommand {
    /// A segment whose chunks lie in their places already may be under way for so long.
    private static final Duration YOUNG = Duration.ofDays(1);

    LogsAuditCommand(LogsAccess access) {
        super(access);
    }

    @Override
    public Usage usage() {
        return new Usage(
                "logs audit",
                "",
                "Compare the central Loki's indexes with the chunks in its bucket",
                List.of(CONFIG, TENANT, DAY),
                """
                Names each index entry without its chunk, each damaged index, and each chunk that the index of one of its
                days lacks; chunks that were stored within a day are counted apart, for their segment may be under way.
                Reads only. Exit code 1 if anything was named.
                """);
    }

    @Override
    ExitCode run(Work work, Arguments arguments, Terminal terminal) throws IOException {
        Found found = new Found(work, terminal);
        long chunks = work.audit(found);
        work.line().wipe();
        terminal.out()
                .println(
                        "%d chunks; %d index entries without chunk, %d damaged indexes, %d chunks in no index, %d young"
                                .formatted(chunks, found.withoutChunk, found.damaged, found.withoutIndex, found.young));
        return found.withoutChunk + found.damaged + found.withoutIndex == 0 ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }

    private static final class Found implements LogsAudit.Findings {
        private final Instant youngAfter;
        private final Terminal terminal;
        private final Progress line;
        private long withoutChunk;
        private long damaged;
        private long withoutIndex;
        private long young;

        Found(Work work, Terminal terminal) {
            youngAfter = work.bucket().clock().bestTime().minus(YOUNG);
            line = work.line();
            this.terminal = terminal;
        }

        private void say(String words) {
            line.wipe();
            terminal.out().println(words);
        }

        @Override
        public void withoutChunk(String index, LokiChunkKey chunk) {
            withoutChunk++;
            say("no chunk %s, which is in %s".formatted(chunk, index));
        }

        @Override
        public void damaged(String index, String why) {
            damaged++;
            say("damaged %s: %s".formatted(index, why));
        }

        @Override
        public void withoutIndex(LokiChunkKey chunk, long bytes, long day, Instant storedAt) {
            if (storedAt.isAfter(youngAfter)) {
                young++;
                return;
            }
            withoutIndex++;
            say("no index of %s has %s".formatted(LocalDate.ofEpochDay(day), chunk));
        }
    }
}
