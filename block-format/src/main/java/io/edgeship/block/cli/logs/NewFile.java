package io.edgeship.block.cli.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes files whole under their names or not at all: Loki answers with errors, or with fewer lines, where one is
/// torn.
final class NewFile {
    private NewFile() {}

    /// Replaces what is there.
    static Path write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Path half = file.resolveSibling(file.getFileName() + ".tmp"); // readable for Loki, as the umask has it
        try {
            Files.write(half, bytes);
            return Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }
}
