package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Directories: listed, copied, removed.
final class Tree {
    private Tree() {}

    /// Every regular file below, links followed, sorted by name.
    static List<Path> files(Path directory) throws IOException {
        try (var all = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// Copies every file below a directory to the same place below another.
    static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.resolveSibling("."));
            Files.copy(file, target);
        }
    }

    /// An empty directory, whatever was there.
    static Path emptied(Path directory) throws IOException {
        remove(directory);
        return Files.createDirectories(directory);
    }

    static void remove(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }
}
