package io.edgeship.ship.rewrite;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewriteCounts;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.ship.child.ChildMain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The child process that writes one block anew: `RewriteMain ORDER RESULT OUT`.
public final class RewriteMain {
    private static final long SERIES_A_LINE = 512;

    private RewriteMain() {}

    public static void main(String[] args) {
        ChildMain.run(() -> rewrite(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])));
    }

    private static void rewrite(Path order, Path result, Path out) throws IOException {
        RewriteOrder read = read(order);
        PrintStream progress = System.out;
        Optional<RewrittenBlock> block = BlockRewriter.rewrite(read, out, done -> {
            if (done % SERIES_A_LINE == 0) {
                progress.println(done);
            }
        });
        RewriteCounts counts = block.map(RewrittenBlock::counts).orElse(new RewriteCounts(Map.of(), Map.of()));
        ResultJson told = new ResultJson(block.map(one -> one.meta().id()), counts, ChildMain.peakRssBytes());
        Files.write(result, told.write());
    }

    /// No source is to blame for an order that cannot be read: the agent may be of another build.
    private static RewriteOrder read(Path order) throws IOException {
        try {
            return OrderJson.read(order.toString(), Files.readAllBytes(order));
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
