package io.edgeship.block.cli;

import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Content;
import io.edgeship.block.verify.Rule;
import io.edgeship.block.verify.Verdict;
import io.edgeship.block.verify.Violation;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Progress;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `block verify DIR...`: a line per sound block; rule, file and offset of what is broken.
final class VerifyCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "block verify",
                "DIR...",
                "Check blocks by the rules of Thanos' compactor, every checksum, and the totals of meta.json",
                List.of(),
                "Exit code 1 if a block breaks a rule or cannot be read.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
        if (arguments.operands().isEmpty()) {
            throw new UsageException("no block named");
        }
        List<String> dirs = arguments.operands();
        ExitCode result = ExitCode.DONE;
        try (Progress progress = terminal.progress("verifying")) {
            for (int i = 0; i < dirs.size(); i++) {
                String unit = "series of block %d of %d".formatted(i + 1, dirs.size());
                if (!sound(Path.of(dirs.get(i)), terminal, (done, total) -> progress.update(done, total, unit))) {
                    result = ExitCode.WORK_LEFT;
                }
            }
        }
        return result;
    }

    /// A block that cannot be read now stops none of those after it (I5).
    private static boolean sound(Path dir, Terminal terminal, BlockVerifier.Watcher watcher) {
        try {
            return report(dir, BlockVerifier.verify(dir, watcher), terminal);
        } catch (IOException e) {
            terminal.err().println("edgeship block verify: " + dir + ": " + e);
            return false;
        }
    }

    private static boolean report(Path dir, Verdict verdict, Terminal terminal) {
        return switch (verdict) {
            case Verdict.Sound(var _, var content) -> {
                terminal.out().println("PASS " + dir + ": " + text(content));
                yield true;
            }
            case Verdict.Broken(var violations, var _) -> {
                terminal.out().println("FAIL " + dir);
                violations.forEach(violation -> terminal.out().println(text(violation)));
                if (violations.size() == BlockVerifier.VIOLATIONS_MAX) {
                    terminal.out().println("  … and maybe more: the check stopped here");
                }
                yield false;
            }
        };
    }

    private static String text(Violation violation) {
        Rule rule = violation.rule();
        return "  %s\n    rule: %s; Thanos' compactor %s"
                .formatted(violation, rule.text(), rule.consequence().text());
    }

    private static String text(Content content) {
        StringBuilder text = new StringBuilder(
                "%d series, %d chunks, %d samples".formatted(content.series(), content.chunks(), content.samples()));
        content.chunksByEncoding().forEach((encoding, count) -> text.append(note(encoding, count)));
        if (content.duplicateChunks() > 0) {
            text.append("; %d chunks of the same times as the one before".formatted(content.duplicateChunks()));
        }
        return text.toString();
    }

    private static String note(Encoding encoding, long count) {
        if (encoding.readByThanos()) {
            return "";
        }
        String way = encoding.decoded()
                ? ", which Thanos cannot read (see edgeship block transcode)"
                : " by checksum only, which Thanos cannot read";
        return "; %d %s chunks%s".formatted(count, encoding, way);
    }
}
