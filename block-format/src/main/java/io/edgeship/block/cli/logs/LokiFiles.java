package io.edgeship.block.cli.logs;

import io.edgeship.block.loki.LokiChunkName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds chunks and indexes below a directory, by their names: Loki keeps other files beside them.
final class LokiFiles {
    private LokiFiles() {}

    static boolean isIndex(Path file) {
        String name = nameOf(file);
        return name.endsWith(".tsdb") || name.endsWith(".tsdb.gz");
    }

    /// The files of each path in the order of names; a path that is a file is itself, whatever it is called.
    static List<Path> of(List<String> paths) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String path : paths) {
            try (Stream<Path> files = Files.walk(Path.of(path))) {
                files.filter(file -> Files.isRegularFile(file)
                                && (file.equals(Path.of(path)) || isIndex(file) || isChunk(file)))
                        .sorted()
                        .forEach(found::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return found;
    }

    static List<Path> chunksOf(List<String> paths) throws IOException {
        return of(paths).stream().filter(file -> !isIndex(file)).toList();
    }

    private static boolean isChunk(Path file) {
        return LokiChunkName.tryParse(nameOf(file)).isPresent();
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
