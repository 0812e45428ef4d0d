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

/// Packs and unpacks in child processes. One at a time, whoever calls.
public final class PackChild implements Packer {
    private final ChildProcess child;
    private final PackMeter meter;

    public PackChild(long heapBytes, PackMeter meter, ChildProcess.Meanwhile meanwhile) {
        this(new ChildProcess(java(heapBytes), meanwhile), meter);
    }

    PackChild(ChildProcess child, PackMeter meter) {
        this.child = child;
        this.meter = meter;
    }

    static List<String> java(long heapBytes) {
        return ChildProcess.java(heapBytes, PackMain.class);
    }

    @Override
    public void pack(Path item, Path pack) throws IOException {
        run(PackMain.PACK, item, pack);
    }

    @Override
    public void unpack(Path pack, Path block) throws IOException {
        run(PackMain.UNPACK, pack, block);
    }

    private synchronized void run(String what, Path from, Path to) throws IOException {
        Path complaint = to.resolveSibling("complaint.txt");
        Path peak = to.resolveSibling("peak.txt");
        long begun = System.nanoTime();
        boolean done = false;
        try {
            int code = child.run(List.of(what, from.toString(), to.toString(), peak.toString()), complaint);
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
