package io.edgeship.ship.rewrite;

import java.io.IOException;

/// A block cannot be written anew, now or later, for a source is corrupt or of a kind that cannot be read.
public final class BadSourceException extends IOException {
    private static final long serialVersionUID = 1;

    public BadSourceException(String message) {
        super(message);
    }
}
