package io.edgeship.bucket.s3;

import java.io.IOException;
import java.time.Duration;

/// A request that stood still for longer than the link allows.
final class StalledException extends IOException {
    private static final long serialVersionUID = 1;

    StalledException(Duration stallAfter, Throwable cause) {
        super("no byte moved for " + words(stallAfter), cause);
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
