package io.edgeship.ship;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a directory lies on a mount that nobody may write to.
public final class ReadOnlyMount {
    private ReadOnlyMount() {}

    /// False also where the system does not say.
    public static boolean holds(Path directory) {
        try {
            return Files.getFileStore(directory).isReadOnly();
        } catch (IOException e) {
            return false; // whoever reads or writes there says what is wrong
        }
    }
}
