package io.edgeship.block.pack;

import java.io.IOException;

/// A block that the columns cannot have: it travels as its files.
final class NotColumnarException extends IOException {
    private static final long serialVersionUID = 1;

    NotColumnarException(String message) {
        super(message);
    }
}
