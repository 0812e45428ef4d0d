package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Where things are in a spool; drawn on the package's page.
final class SpoolLayout {
    static final String JSON = ".json";

    private static final int VERSION = 1;
    private static final int INCARNATION_BYTES = 16;

    private final Path dir;
    private final Disk disk;

    SpoolLayout(Path dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
    }

    Path dir() {
        return dir;
    }

    Path of(Place place) {
        return dir.resolve(place.directory());
    }

    Path item(Place place, BlockId id) {
        return of(place).resolve(id.toString());
    }

    Path losses() {
        return dir.resolve("losses");
    }

    Path loss(BlockId id) {
        return losses().resolve(id + ".pb");
    }

    /// Makes what is missing and returns the incarnation.
    ///
    /// @throws UnsupportedVersionException if a later agent made the spool
    String create() throws IOException {
        DurableFiles files = new DurableFiles(disk);
        for (Place place : Place.values()) {
            disk.createDirectory(of(place));
        }
        disk.createDirectory(losses());
        Path version = dir.resolve("version");
        if (!Files.exists(version)) {
            files.replace(dir, "version", Integer.toString(VERSION).getBytes(StandardCharsets.US_ASCII));
        }
        int found = Integer.parseInt(Files.readString(version).strip());
        if (found > VERSION) {
            throw new UnsupportedVersionException(version.toString(), found, VERSION);
        }
        if (!Files.exists(dir.resolve("incarnation"))) {
            byte[] random = new byte[INCARNATION_BYTES];
            new SecureRandom().nextBytes(random);
            files.replace(dir, "incarnation", HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
        }
        return incarnation();
    }

    String incarnation() throws IOException {
        return Files.readString(dir.resolve("incarnation")).strip();
    }

    /// The item directories of a place that this build may touch, by name.
    List<Path> items(Place place) throws IOException {
        List<Path> items = new ArrayList<>();
        for (Path entry : DurableFiles.children(of(place))) {
            boolean named =
                    BlockId.tryParse(String.valueOf(entry.getFileName())).isPresent();
            if (named && Files.isDirectory(entry) && !isNewer(entry)) {
                items.add(entry);
            }
        }
        return items;
    }

    int newerItems() throws IOException {
        int newer = 0;
        for (Place place : List.of(Place.INCOMING, Place.READY, Place.QUARANTINE)) {
            for (Path entry : DurableFiles.children(of(place))) {
                newer += isNewer(entry) ? 1 : 0;
            }
        }
        return newer;
    }

    private static boolean isNewer(Path itemDir) throws IOException {
        if (!Files.exists(itemDir.resolve(ItemRecord.FILE_NAME))) {
            return false;
        }
        try {
            ItemRecord.read(itemDir);
            return false;
        } catch (UnsupportedVersionException e) {
            return true;
        }
    }
}
