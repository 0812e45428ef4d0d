package io.edgeship.ship.rewrite;

import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.ship.child.ChildMain;
import io.edgeship.ship.child.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Writes a block anew in a child process. One order at a time, whoever calls.
public final class RewriteChild implements Rewriter {
    private static final String ORDER = "order.json";
    private static final String RESULT = "result.json";
    private static final String COMPLAINT = "complaint.txt";
    private static final String WORK = "writing it anew";

    private final ChildProcess child;
    private final RewriteMeter meter;

    public RewriteChild(RewriteConfig config, RewriteMeter meter, ChildProcess.Meanwhile meanwhile) {
        this(new ChildProcess(java(config), meanwhile), meter);
    }

    RewriteChild(ChildProcess child, RewriteMeter meter) {
        this.child = child;
        this.meter = meter;
    }

    static List<String> java(RewriteConfig config) {
        return ChildProcess.java(config.heapBytes(), RewriteMain.class);
    }

    @Override
    public synchronized Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out) throws IOException {
        long begun = System.nanoTime();
        boolean done = false;
        try {
            Files.write(out.resolve(ORDER), OrderJson.write(order));
            run(out);
            Path file = out.resolve(RESULT);
            ResultJson result = ResultJson.read(file.toString(), Files.readAllBytes(file));
            meter.done(System.nanoTime() - begun, result.peakRssBytes());
            done = true;
            return block(result, out);
        } finally {
            if (!done) {
                meter.failed(System.nanoTime() - begun);
                clear(out);
            }
        }
    }

    private static Optional<RewrittenBlock> block(ResultJson result, Path out) throws IOException {
        if (result.block().isEmpty()) {
            return Optional.empty();
        }
        Path dir = out.resolve(result.block().get().toString());
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        return Optional.of(new RewrittenBlock(dir, meta, result.counts()));
    }

    private void run(Path out) throws IOException {
        Path complaint = out.resolve(COMPLAINT);
        int code = child.run(
                List.of(out.resolve(ORDER).toString(), out.resolve(RESULT).toString(), out.toString()), complaint);
        if (code == ChildMain.BAD_SOURCE) {
            throw new BadSourceException(ChildProcess.words(code, WORK, complaint));
        }
        if (code != 0) {
            throw new IOException(ChildProcess.words(code, WORK, complaint));
        }
    }

    /// Nothing of a try that failed is left: the next one starts anew.
    private static void clear(Path out) throws IOException {
        DurableFiles files = new DurableFiles(Disk.system());
        for (Path left : DurableFiles.children(out)) {
            files.deleteTree(left);
        }
    }
}
