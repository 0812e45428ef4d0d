package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Blocks as the bytes of their files, by path.
final class Blocks {
    private Blocks() {}

    static Map<String, byte[]> files(Path dir) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(dir)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                files.put(dir.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    static byte[] file(Path dir, String path) {
        try {
            return Files.readAllBytes(dir.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file in memory, which is put into `files` once it is finished.
    static ByteSink sink(String path, Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new ByteSink() {
            @Override
            public String name() {
                return path;
            }

            @Override
            public void write(byte[] from, int at, int length) {
                bytes.write(from, at, length);
            }

            @Override
            public void finish() {
                files.put(path, bytes.toByteArray());
            }

            @Override
            public void close() {}
        };
    }
}
