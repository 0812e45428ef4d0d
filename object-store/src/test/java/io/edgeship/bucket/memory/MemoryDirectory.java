package io.edgeship.bucket.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Temporary directories in memory where the system has such a place, for tests that stop processes and not the power:
/// what is forced to a disk there costs nothing.
public final class MemoryDirectory implements TempDirFactory {
    private static final Path PLACE = Path.of("/dev/shm");
    private static final String PREFIX = "edgeship-";

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws IOException {
        return Files.isWritable(PLACE) ? Files.createTempDirectory(PLACE, PREFIX) : Files.createTempDirectory(PREFIX);
    }
}
