package io.edgeship.ship.pack;

import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.PackWatcher;
import io.edgeship.block.pack.UnpackedDirectory;
import io.edgeship.ship.child.ChildMain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The child process that packs or unpacks one block: `PackMain pack|unpack FROM TO PEAK`. At the end `PEAK` holds the
/// largest resident memory that it had, in bytes.
public final class PackMain {
    static final String PACK = "pack";
    static final String UNPACK = "unpack";

    private static final long BYTES_A_LINE = 1 << 20;

    private PackMain() {}

    public static void main(String[] args) {
        ChildMain.run(() -> work(args[0], Path.of(args[1]), Path.of(args[2]), Path.of(args[3])));
    }

    private static void work(String what, Path from, Path to, Path peak) throws IOException {
        switch (what) {
            case PACK -> BlockPacker.packShipped(from, to, progress());
            case UNPACK -> UnpackedDirectory.of(from, to, progress());
            default -> throw new IOException("neither pack nor unpack: " + what);
        }
        Files.writeString(peak, Long.toString(ChildMain.peakRssBytes()), StandardCharsets.US_ASCII);
    }

    private static PackWatcher progress() {
        PrintStream out = System.out;
        long[] told = {0};
        return (done, _) -> {
            if (done - told[0] >= BYTES_A_LINE) {
                told[0] = done;
                out.println(done);
            }
        };
    }
}
