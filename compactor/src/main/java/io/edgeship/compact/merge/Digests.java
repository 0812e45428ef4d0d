package io.edgeship.compact.merge;

import io.edgeship.bucket.ObjectDigest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// What the writer of an object knows of its bytes.
final class Digests {
    private Digests() {}

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /// Of an object that is put whole.
    static ObjectDigest of(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        String md5Hex = HexFormat.of().formatHex(md5().digest(bytes));
        return new ObjectDigest(List.of(new ObjectDigest.Part(bytes.length, md5Hex, (int) crc.getValue())), false);
    }
}
