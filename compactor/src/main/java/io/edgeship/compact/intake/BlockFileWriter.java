package io.edgeship.compact.intake;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.runtime.log.Log;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes one file of a block from a stream: whole if it fits into the part buffer, else in parts of that size. The
/// object appears only once [#finish] has found the hash right. Not thread-safe.
final class BlockFileWriter {
    private static final Log LOG = Log.of(BlockFileWriter.class);

    private final Bucket bucket;
    private final String key;
    private final PlannedFile file;
    private final byte[] buffer;
    private final MessageDigest sha256 = Digests.sha256();
    private final List<UploadedPart> parts = new ArrayList<>();
    private final List<ObjectDigest.Part> digests = new ArrayList<>();
    private int buffered;
    private long taken;
    private @Nullable String uploadId;

    /// @param buffer for one part; is this writer's until the file is finished or given up
    BlockFileWriter(Bucket bucket, String key, PlannedFile file, byte[] buffer) {
        this.bucket = bucket;
        this.key = key;
        this.file = file;
        this.buffer = buffer;
    }

    long missingBytes() {
        return file.sizeBytes() - taken;
    }

    /// @param length at most [#missingBytes]
    void take(byte[] bytes, int offset, int length) throws BucketException {
        sha256.update(bytes, offset, length);
        taken += length;
        int at = offset;
        int left = length;
        while (left > 0) {
            if (buffered == buffer.length) {
                sendPart(); // not before more comes: a file that fits is put whole
            }
            int chunk = Math.min(left, buffer.length - buffered);
            System.arraycopy(bytes, at, buffer, buffered, chunk);
            buffered += chunk;
            at += chunk;
            left -= chunk;
        }
    }

    /// Makes the object appear, if all its bytes have come and their hash is the manifest's.
    ///
    /// @return false if the hash is another; then nothing appears
    boolean finish() throws BucketException {
        if (!MessageDigest.isEqual(sha256.digest(), file.sha256())) {
            abort();
            return false;
        }
        if (uploadId == null) {
            digests.add(digest());
            bucket.put(key, new BufferBody(buffer, buffered));
        } else {
            sendPart();
            bucket.completeUpload(key, uploadId, parts);
            uploadId = null;
        }
        return true;
    }

    /// Of what [#finish] stored.
    ObjectDigest stored() {
        return new ObjectDigest(digests, !parts.isEmpty());
    }

    /// Gives the file up; what the store keeps of it is dropped, or left to the next try where that fails.
    void abort() {
        if (uploadId == null) {
            return;
        }
        try {
            bucket.abortUpload(key, uploadId);
            uploadId = null;
        } catch (BucketException e) {
            LOG.warn("unfinished upload stays until the block is there", "key", key, "err", e.getMessage());
        }
    }

    private void sendPart() throws BucketException {
        if (uploadId == null) {
            uploadId = bucket.createUpload(key);
        }
        digests.add(digest());
        parts.add(bucket.uploadPart(key, uploadId, parts.size() + 1, new BufferBody(buffer, buffered)));
        buffered = 0;
    }

    private ObjectDigest.Part digest() {
        CRC32C crc = new CRC32C();
        crc.update(buffer, 0, buffered);
        MessageDigest md5 = Digests.md5();
        md5.update(buffer, 0, buffered);
        return new ObjectDigest.Part(buffered, HexFormat.of().formatHex(md5.digest()), (int) crc.getValue());
    }

    /// The first bytes of a buffer, not copied: it does not change until the request has ended.
    private record BufferBody(byte[] bytes, int length) implements Body {
        @Override
        public long sizeBytes() {
            return length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes, 0, length);
        }
    }
}
