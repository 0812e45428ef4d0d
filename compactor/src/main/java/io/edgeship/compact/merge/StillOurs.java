package io.edgeship.compact.merge;

import java.io.IOException;

/// Whether this process may still write the stream: asked just before anything that two must not do.
@FunctionalInterface
public interface StillOurs {
    /// @throws IOException if it cannot be told now; then nothing is done either
    boolean now() throws IOException;
}
