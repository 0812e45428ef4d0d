package io.edgeship.bucket.file;

import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// Compares a file with what its writer knows of it, part by part.
final class FileDigest {
    private static final int BUFFER_BYTES = 64 << 10;

    private FileDigest() {}

    static Confirmation compare(Path file, ObjectDigest expected) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) != expected.sizeBytes()) {
                return Confirmation.DIFFERS;
            }
            for (ObjectDigest.Part part : expected.parts()) {
                if (crc32c(in, part.sizeBytes()) != part.crc32c()) {
                    return Confirmation.DIFFERS;
                }
            }
            return Confirmation.MATCHES;
        } catch (NoSuchFileException e) {
            return Confirmation.MISSING;
        }
    }

    private static int crc32c(InputStream in, long length) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                break;
            }
            crc.update(buffer, 0, read);
            left -= read;
        }
        return (int) crc.getValue();
    }
}
