package io.edgeship.compact.merge;

import java.io.IOException;

/// Another compactor has taken the stream over. What was not committed by then is dropped.
public final class LostStreamException extends IOException {
    private static final long serialVersionUID = 1;

    public LostStreamException(String doing) {
        super(doing + ": the stream is no longer ours");
    }
}
