package io.edgeship.block.cli;

import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewriteCount;
import io.edgeship.block.rewrite.RewriteCounts;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Carries out the orders of commands that write blocks anew, and says what was done.
final class RewriteReport {
    static final String HELP = """
            Prints the new block's directory; what became of samples goes to stderr and into thanos.extensions. XOR2
            becomes XOR and histograms lose their start timestamps, which only Prometheus 3.11 and later has. Deleted
            samples stay out. The same blocks always give the same block, so a second run finds it there and fails.
            Exit code 1 if chunks of an unknown encoding were carried along, which Thanos may not read.
            """;

    private RewriteReport() {}

    /// The external labels of the first block that has any.
    static SortedMap<String, String> labels(List<Path> dirs) throws IOException {
        for (Path dir : dirs) {
            ThanosMeta thanos = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME)).thanos();
            if (thanos != null && !thanos.labels().isEmpty()) {
                return thanos.labels();
            }
        }
        return new TreeMap<>();
    }

    static ExitCode run(RewriteOrder order, Path out, Terminal terminal) throws IOException {
        try (Progress progress = terminal.progress("rewriting")) {
            Optional<RewrittenBlock> written =
                    BlockRewriter.rewrite(order, out, done -> progress.update(done, 0, "series"));
            return print(written, terminal);
        }
    }

    private static ExitCode print(Optional<RewrittenBlock> written, Terminal terminal) {
        if (written.isEmpty()) {
            terminal.err().println("no sample is left: no block is written");
            return ExitCode.DONE;
        }
        RewriteCounts counts = written.get().counts();
        counts.transcoded()
                .forEach((encoding, chunks) ->
                        terminal.err().println(chunks + " chunks of " + encoding + " encoded anew"));
        for (RewriteCount count : RewriteCount.values()) {
            if (counts.of(count) > 0) {
                terminal.err().println(counts.of(count) + " " + count.text());
            }
        }
        terminal.out().println(written.get().dir());
        return counts.of(RewriteCount.UNKNOWN_CHUNKS) > 0 ? ExitCode.WORK_LEFT : ExitCode.DONE;
    }
}
