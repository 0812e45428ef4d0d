package io.edgeship.queue;

import java.io.IOException;
import java.nio.file.Path;

/// The source deleted a block while it was being taken. Nothing of it is left in the spool.
public final class BlockVanishedException extends IOException {
    private static final long serialVersionUID = 1;

    public BlockVanishedException(Path sourceBlock, Throwable cause) {
        super(sourceBlock + " was deleted while it was being linked", cause);
    }
}
