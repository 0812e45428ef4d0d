package io.edgeship.ship.pack;

import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.ship.child.ChildMain;
import io.edgeship.ship.child.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;

/// Packs and unpacks in child processes. One at a time, whoever calls.
public final class PackChild implements Packer {
    /// Enough for an index of 8 MiB, which some hundred thousand series have (94 000 series, 6.8 MB: measured).
    private static final long HEAP_MIN_BYTES = 64 << 20;

    private static final int HEAP_TO_INDEX = 8;

    private final LongFunction<ChildProcess> children;
    private final PackMeter meter;

    /// @param heapBytesMax what a child may have; one that packs gets no more than the block's index asks for
    public PackChild(long heapBytesMax, PackMeter meter, ChildProcess.Meanwhile meanwhile) {
        this(heapBytes -> new ChildProcess(java(Math.min(heapBytes, heapBytesMax)), meanwhile), meter);
    }

    /// @param children makes one of a heap of so many bytes
    PackChild(LongFunction<ChildProcess> children, PackMeter meter) {
        this.children = children;
        this.meter = meter;
    }

    static List<String> java(long heapBytes) {
        return ChildProcess.java(heapBytes, PackMain.class);
    }

    @Override
    public void pack(Path item, Path pack) throws IOException {
        long indexBytes = Files.size(item.resolve("index"));
        run(PackMain.PACK, item, pack, Math.max(HEAP_MIN_BYTES, HEAP_TO_INDEX * indexBytes));
    }

    @Override
    public void unpack(Path pack, Path block) throws IOException {
        run(PackMain.UNPACK, pack, block, Long.MAX_VALUE);
    }

    private synchronized void run(String what, Path from, Path to, long heapBytes) throws IOException {
        Path complaint = to.resolveSibling("complaint.txt");
        Path peak = to.resolveSibling("peak.txt");
        long begun = System.nanoTime();
        boolean done = false;
        try {
            int code = children.apply(heapBytes)
                    .run(List.of(what, from.toString(), to.toString(), peak.toString()), complaint);
            if (code == ChildMain.BAD_SOURCE && what.equals(PackMain.UNPACK)) {
                throw new BadPackException(ChildProcess.words(code, "unpacking", complaint));
            }
            if (code != 0) {
                throw new IOException(ChildProcess.words(code, what + "ing", complaint));
            }
            meter.peak(Long.parseLong(Files.readString(peak, StandardCharsets.US_ASCII)));
            done = true;
        } finally {
            meter.worked(System.nanoTime() - begun);
            if (!done) {
                clear(to);
            }
        }
    }

    /// Nothing of a try that failed is left, under whatever name.
    private static void clear(Path made) throws IOException {
        DurableFiles files = new DurableFiles(Disk.system());
        for (Path left : DurableFiles.children(made.resolveSibling("."))) {
            if (String.valueOf(left.getFileName()).startsWith(String.valueOf(made.getFileName()))) {
                files.deleteTree(left);
            }
        }
    }
}
