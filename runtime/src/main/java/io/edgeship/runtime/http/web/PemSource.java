package io.edgeship.runtime.http.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where PEM text comes from. Never printed: it may be a key.
sealed interface PemSource {
    /// Certificates and keys are a page, not a data set.
    int BYTES_MAX = 1 << 20;

    /// @param key of `web.yml`, for errors
    record InFile(String key, Path file) implements PemSource {
        @Override
        public String pem() throws IOException {
            if (Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("larger than any certificate or key is");
            }
            return Files.readString(file);
        }

        @Override
        public String name() {
            return key + " " + file;
        }
    }

    /// @param key of `web.yml`, for errors
    record Inline(String key, String pem) implements PemSource {
        @Override
        public String name() {
            return key;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    String pem() throws IOException;

    /// For errors.
    String name();
}
