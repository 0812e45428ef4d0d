package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.queue.journal.DirectoryLock;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The names in a spool's directory; the package page draws the tree.
record SpoolLayout(Path root) {
    static final int VERSION = 1;
    static final String LOCK = "lock";

    /// In an item's directory: what is said of it when it is lost, and orders that a crash must not undo.
    static final String LOSS = "loss.pb";
    static final String DROP = "drop.pb";
    static final String REPLACES = "replaces.json";
    static final String THINS = "thins.pb";

    private static final String VERSION_FILE = "version";
    private static final String INCARNATION_FILE = "incarnation";
    private static final int INCARNATION_BYTES = 16;
    private static final String LOSSES = "losses";
    private static final String WORKSHOP = "workshop";

    /// @throws SpoolLockedException if another process has the spool open
    DirectoryLock lock() throws IOException {
        try {
            return DirectoryLock.acquire(root, LOCK);
        } catch (DirectoryLock.LockedException e) {
            throw new SpoolLockedException(root, e.holder(), e);
        }
    }

    Path place(Place place) {
        return root.resolve(place.directory());
    }

    Path item(Place place, BlockId id) {
        return place(place).resolve(id.toString());
    }

    Path shippedRecord(BlockId id) {
        return place(Place.SHIPPED).resolve(id + ".json");
    }

    Path workshop() {
        return root.resolve(WORKSHOP);
    }

    Path losses() {
        return root.resolve(LOSSES);
    }

    Path loss(BlockId id) {
        return losses().resolve(lossName(id));
    }

    static String lossName(BlockId id) {
        return id + ".pb";
    }

    /// Makes what is missing. The version comes first, so that an older agent never takes a half-made newer spool for
    /// its own.
    void create(Disk disk) throws IOException {
        DurableFiles files = new DurableFiles(disk);
        Path version = root.resolve(VERSION_FILE);
        if (Files.exists(version)) {
            checkVersion(version);
        } else {
            files.replace(root, VERSION_FILE, text(Integer.toString(VERSION)));
        }
        for (Place place : Place.values()) {
            disk.createDirectory(place(place));
        }
        disk.createDirectory(losses());
        disk.createDirectory(workshop());
        disk.forceDirectory(root);
        if (!Files.exists(root.resolve(INCARNATION_FILE))) {
            byte[] random = new byte[INCARNATION_BYTES];
            new SecureRandom().nextBytes(random);
            files.replace(root, INCARNATION_FILE, text(HexFormat.of().formatHex(random)));
        }
    }

    void checkVersion() throws IOException {
        checkVersion(root.resolve(VERSION_FILE));
    }

    String incarnation() throws IOException {
        Path file = root.resolve(INCARNATION_FILE);
        String incarnation = Files.readString(file).strip();
        if (!incarnation.matches("[0-9a-f]{32}")) {
            throw new CorruptFormatException(
                    file.toString(), 0, "holds no 32 hex letters; delete it and the spool gets a new incarnation");
        }
        return incarnation;
    }

    private static void checkVersion(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (!text.matches("[0-9]{1,9}")) {
            throw new CorruptFormatException(file.toString(), 0, "is no version number; this build writes " + VERSION);
        }
        if (Integer.parseInt(text) > VERSION) {
            throw new UnsupportedVersionException(file.toString(), Integer.parseInt(text), VERSION);
        }
    }

    private static byte[] text(String line) {
        return (line + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
