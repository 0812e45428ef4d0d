package io.edgeship.queue;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// A file system that forgets, at a power cut, what was done to a directory and not forced since: all of it,
/// or in each directory what came after some moment. Content is forced by its writer, as [Disk] says.
final class PowerCutDisk implements Disk {
    private final UnforcedDisk disk = new UnforcedDisk();
    private final Path graveyard;
    private final List<Change> unforced = new ArrayList<>();
    private int buried;

    /// @param name   what appeared, disappeared or, after a move, is the new name
    /// @param before for a move the old name, else null
    /// @param grave  where the file is that `name` stood for before, if there was one
    private record Change(Path name, Path before, Path grave, boolean appeared) {
        /// The same change once a directory above it has another name. What appeared and was renamed itself keeps its name:
        /// the renaming is undone before.
        Change renamed(Path from, Path to) {
            return new Change(rename(name, from, to), rename(before, from, to), grave, appeared);
        }

        private static Path rename(Path path, Path from, Path to) {
            return path.startsWith(from) && !path.equals(from) ? to.resolve(from.relativize(path)) : path;
        }
    }

    PowerCutDisk(Path graveyard) throws IOException {
        this.graveyard = Files.createDirectories(graveyard);
    }

    /// Loses power. The disk is as good as new afterwards.
    void cut(Random random) throws IOException {
        boolean everything = random.nextInt(3) == 0;
        Map<Path, Integer> keptBefore = new HashMap<>();
        for (int i = unforced.size() - 1; i >= 0; i--) {
            Change change = unforced.get(i);
            int size = unforced.size();
            int kept = everything ? 0 : keptBefore.computeIfAbsent(parent(change.name), _ -> random.nextInt(size + 1));
            if (i >= kept) {
                undo(change);
            }
        }
        unforced.clear();
    }

    private void undo(Change change) throws IOException {
        if (change.appeared) {
            deleteTree(change.name);
        } else if (!change.before.equals(change.name)
                && Files.exists(change.name)
                && !Files.exists(change.before)
                && Files.isDirectory(parent(change.before))) {
            Files.move(change.name, change.before);
        }
        if (Files.exists(change.grave) && !Files.exists(change.name) && Files.isDirectory(parent(change.name))) {
            Files.move(change.grave, change.name);
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            disk.createDirectory(directory);
            appeared(directory);
        }
    }

    @Override
    public void link(Path link, Path existing) throws IOException {
        disk.link(link, existing);
        appeared(link);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        disk.copy(from, to);
        appeared(to);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        boolean isNew = !Files.exists(file);
        disk.write(file, content);
        if (isNew) {
            appeared(file);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Path grave = bury(to);
        disk.move(from, to);
        unforced.replaceAll(change -> change.renamed(from, to));
        unforced.add(new Change(to, from, grave, false));
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isDirectory(path)) {
            disk.delete(path); // fails unless it is empty, as it should
            Path grave = Files.createDirectory(nextGrave());
            unforced.add(new Change(path, path, grave, false));
        } else {
            unforced.add(new Change(path, path, bury(path), false));
        }
    }

    @Override
    public void forceFile(Path file) {}

    @Override
    public void forceDirectory(Path directory) {
        Path forced = directory.normalize();
        unforced.removeIf(change -> parent(change.name).equals(forced));
    }

    private void appeared(Path path) {
        unforced.add(new Change(path, path, graveyard.resolve("none"), true));
    }

    private Path bury(Path path) throws IOException {
        Path grave = nextGrave();
        if (Files.exists(path)) {
            Files.move(path, grave, StandardCopyOption.ATOMIC_MOVE);
        }
        return grave;
    }

    private Path nextGrave() {
        return graveyard.resolve(Integer.toString(buried++));
    }

    private static Path parent(Path path) {
        return path.normalize().resolveSibling("");
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> walk = Files.walk(path)) {
                for (Path child : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(child);
                }
            }
        }
    }
}
