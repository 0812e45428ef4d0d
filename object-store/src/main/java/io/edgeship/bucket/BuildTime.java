package io.edgeship.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// When this build was made, as the build says (`project.build.outputTimestamp`): it cannot be earlier than that.
final class BuildTime {
    private static final String RESOURCE = "build-time.txt";

    private BuildTime() {}

    /// The epoch where nobody filled it in, as in classes that no package was made of.
    static Instant read() {
        try (InputStream in = BuildTime.class.getResourceAsStream(RESOURCE)) {
            return in == null ? Instant.EPOCH : parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Instant parse(String text) {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
