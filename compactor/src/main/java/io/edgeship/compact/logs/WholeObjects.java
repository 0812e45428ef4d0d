package io.edgeship.compact.logs;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.compact.intake.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes objects whose names follow from their content, and compares what the store holds with what was written (I10).
final class WholeObjects {
    private final Bucket bucket;

    WholeObjects(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What is under a key.
    enum There {
        NOTHING,
        SAME,
        ANOTHER
    }

    There find(String key, byte[] bytes) throws IOException {
        Confirmation found = bucket.confirm(key, digest(bytes));
        return switch (found) {
            case MATCHES -> There.SAME;
            case MISSING -> There.NOTHING;
            case SIZE_MATCHES, DIFFERS -> isSame(key, bytes) ? There.SAME : There.ANOTHER; // an ETag may say nothing
        };
    }

    /// @throws IOException if the store then holds anything else
    void put(String key, byte[] bytes) throws IOException {
        bucket.put(key, new ArrayBody(bytes));
        There found = find(key, bytes);
        if (found != There.SAME) {
            throw new IOException(key + " is not what was written just now: " + found);
        }
    }

    /// No more is read than there are bytes, and one.
    byte[] read(String key, int bytesMax) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return in.readNBytes(bytesMax + 1);
        } catch (BucketException.NotFound e) {
            return new byte[0];
        }
    }

    private boolean isSame(String key, byte[] bytes) throws IOException {
        return Arrays.equals(read(key, bytes.length), bytes);
    }

    private static ObjectDigest digest(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        String md5 = HexFormat.of().formatHex(Digests.md5().digest(bytes));
        return new ObjectDigest(List.of(new ObjectDigest.Part(bytes.length, md5, (int) crc.getValue())), false);
    }

    /// Not copied: nobody changes the bytes until the request has ended.
    private record ArrayBody(byte[] bytes) implements Body {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
