package io.edgeship.compact.merge;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/// Reads an object whole, where the store cannot say what is in it.
final class ReadBack {
    private static final int BUFFER_BYTES = 64 << 10;

    private ReadBack() {}

    static boolean matches(Bucket bucket, String key, ObjectDigest expected, Traffic traffic) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = bucket.get(key)) {
            for (ObjectDigest.Part part : expected.parts()) {
                CRC32C crc = new CRC32C();
                for (long left = part.sizeBytes(); left > 0; ) {
                    int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                    if (read < 0) {
                        return false;
                    }
                    traffic.received(read);
                    crc.update(buffer, 0, read);
                    left -= read;
                }
                if ((int) crc.getValue() != part.crc32c()) {
                    return false;
                }
            }
            return in.read() < 0;
        }
    }
}
