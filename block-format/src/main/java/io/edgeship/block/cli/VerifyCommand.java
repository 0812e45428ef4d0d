package io.edgeship.block.cli;

import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.verify.BlockVerifier;
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
import java.util.Locale;

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
        switch (verdict) {
            case Verdict.Sound(var _, var content) -> {
                StringBuilder notes = new StringBuilder();
                content.chunksByEncoding().forEach((encoding, count) -> notes.append(note(encoding, count)));
                if (content.duplicateChunks() > 0) {
                    notes.append(
                            "; %d chunks of the same times as the one before".formatted(content.duplicateChunks()));
                }
                terminal.out()
                        .printf(
                                Locale.ROOT,
                                "PASS %s: %d series, %d chunks, %d samples%s%n",
                                dir,
                                content.series(),
                                content.chunks(),
                                content.samples(),
                                notes);
                return true;
            }
            case Verdict.Broken(var violations, var _) -> {
                terminal.out().println("FAIL " + dir);
                for (Violation violation : violations) {
                    terminal.out().println("  " + violation);
                    terminal.out()
                            .println("    rule: " + violation.rule().text() + "; Thanos' compactor "
                                    + violation.rule().consequence().text());
                }
                if (violations.size() == BlockVerifier.VIOLATIONS_MAX) {
                    terminal.out().println("  … and maybe more: the check stopped here");
                }
                return false;
            }
        }
    }

    private static String note(Encoding encoding, long count) {
        if (encoding.decoded()) {
            return "";
        }
        return "; %d %s chunks by checksum only%s"
                .formatted(count, encoding, encoding.readByThanos() ? "" : ", which Thanos cannot read");
    }
}
