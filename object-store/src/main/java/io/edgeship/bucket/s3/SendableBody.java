package io.edgeship.bucket.s3;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;

/// A body with the MD5 that the store checks it by. Reading it for the digest costs one pass over the bytes, and no
/// memory.
record SendableBody(Body body, byte[] md5) {
    private static final int BUFFER_BYTES = 64 << 10;

    static SendableBody of(Body body) throws BucketException.BodyUnreadable {
        Optional<String> known = body.md5Hex();
        if (known.isPresent()) {
            return new SendableBody(body, HexFormat.of().parseHex(known.get()));
        }
        MessageDigest digest = newMd5();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = body.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading the bytes to send: " + e.getMessage(), e);
        }
        if (size != body.sizeBytes()) {
            throw new BucketException.BodyUnreadable(
                    "the body gave %d bytes, announced were %d".formatted(size, body.sizeBytes()), null);
        }
        return new SendableBody(body, digest.digest());
    }

    String md5Base64() {
        return Base64.getEncoder().encodeToString(md5);
    }

    String md5Hex() {
        return HexFormat.of().formatHex(md5);
    }

    RequestBody toRequest() {
        return RequestBody.fromContentProvider(this::open, body.sizeBytes(), "application/octet-stream");
    }

    private InputStream open() {
        try {
            return body.open();
        } catch (IOException e) {
            BucketException.BodyUnreadable unreadable =
                    new BucketException.BodyUnreadable("opening the bytes to send: " + e.getMessage(), e);
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Reads `in` to its end.
    static String md5Hex(InputStream in) throws IOException {
        MessageDigest digest = newMd5();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
