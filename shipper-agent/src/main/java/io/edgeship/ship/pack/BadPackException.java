package io.edgeship.ship.pack;

import java.io.IOException;

/// A pack cannot be unpacked, now or later.
public final class BadPackException extends IOException {
    private static final long serialVersionUID = 1;

    public BadPackException(String message) {
        super(message);
    }
}
