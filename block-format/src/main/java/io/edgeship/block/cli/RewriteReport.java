package io.edgeship.block.cli;

import io.edgeship.block.transcode.RewriteCounts;
import io.edgeship.block.transcode.RewrittenBlock;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import java.util.Optional;

/// Says what a command that wrote a block anew did.
final class RewriteReport {
    static final String HELP = """
            Prints the new block's directory; what became of samples goes to stderr and into thanos.extensions. XOR2
            becomes XOR and histograms lose their start timestamps, which only Prometheus 3.11 and later has. Deleted
            samples stay out. The same blocks always give the same block, so a second run finds it there and fails.
            Exit code 1 if chunks of an unknown encoding were carried along, which Thanos may not read.
            """;

    private RewriteReport() {}

    static ExitCode print(Optional<RewrittenBlock> written, Terminal terminal) {
        if (written.isEmpty()) {
            terminal.err().println("every sample is deleted: no block is written");
            return ExitCode.DONE;
        }
        RewrittenBlock block = written.get();
        RewriteCounts counts = block.counts();
        counts.transcoded()
                .forEach((encoding, count) ->
                        terminal.err().println(count + " chunks of " + encoding + " encoded anew"));
        say(terminal, counts.startsDropped(), "start timestamps dropped");
        say(terminal, counts.deleted(), "deleted samples left out");
        say(terminal, counts.duplicates(), "samples left out, for another block has one of that time");
        say(terminal, counts.conflicts(), "of these had another value");
        say(terminal, counts.unknownChunks(), "chunks of an unknown encoding carried along untouched");
        terminal.out().println(block.dir());
        return counts.unknownChunks() > 0 ? ExitCode.WORK_LEFT : ExitCode.DONE;
    }

    private static void say(Terminal terminal, long count, String what) {
        if (count > 0) {
            terminal.err().println(count + " " + what);
        }
    }
}
