package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.ObjectDigest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// Digests bytes on their way out.
final class PartDigests {
    private static final int BUFFER_BYTES = 64 << 10;

    private PartDigests() {}

    static ObjectDigest.Part of(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return of(in);
        }
    }

    /// Reads the stream to its end.
    static ObjectDigest.Part of(InputStream in) throws IOException {
        MessageDigest md5 = md5();
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            md5.update(buffer, 0, read);
            crc.update(buffer, 0, read);
            size += read;
        }
        return new ObjectDigest.Part(size, HexFormat.of().formatHex(md5.digest()), (int) crc.getValue());
    }

    /// The ETag of an object that a store keeps as S3 does, not encrypted with a key of its own: the MD5 of an object
    /// put whole; for one of n parts the MD5 of their MD5s, then `-n`.
    static String eTag(ObjectDigest object) {
        List<ObjectDigest.Part> parts = object.parts();
        if (!object.multipart()) {
            return parts.getFirst().md5Hex();
        }
        MessageDigest md5 = md5();
        for (ObjectDigest.Part part : parts) {
            md5.update(HexFormat.of().parseHex(part.md5Hex()));
        }
        return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
