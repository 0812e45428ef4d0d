package io.edgeship.bucket.memory;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.UploadedPart;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Multipart uploads of a [MemoryBucket] that are not complete. Not thread-safe.
final class MemoryUploads {
    private final Map<String, Upload> uploads = new LinkedHashMap<>();
    private final long partBytesMin;
    private int begun;

    MemoryUploads(long partBytesMin) {
        this.partBytesMin = partBytesMin;
    }

    private record Upload(String key, Instant begun, TreeMap<Integer, byte[]> parts) {}

    String begin(String key, Instant at) {
        String uploadId = "upload-" + ++begun;
        uploads.put(uploadId, new Upload(key, at, new TreeMap<>()));
        return uploadId;
    }

    UploadedPart put(String key, String uploadId, int number, byte[] bytes) throws BucketException {
        find(key, uploadId).parts().put(number, bytes);
        return new UploadedPart(number, bytes.length, Md5.hex(bytes));
    }

    List<UploadedPart> parts(String key, String uploadId) throws BucketException {
        List<UploadedPart> parts = new ArrayList<>();
        find(key, uploadId)
                .parts()
                .forEach((number, bytes) -> parts.add(new UploadedPart(number, bytes.length, Md5.hex(bytes))));
        return parts;
    }

    /// In the order in which they began.
    List<OpenUpload> list(String prefix) {
        return uploads.entrySet().stream()
                .filter(upload -> upload.getValue().key().startsWith(prefix))
                .map(upload -> new OpenUpload(
                        upload.getValue().key(),
                        upload.getKey(),
                        upload.getValue().begun()))
                .toList();
    }

    byte[] complete(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        Map<Integer, byte[]> held = find(key, uploadId).parts();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (UploadedPart part : parts) {
            byte[] bytes = held.get(part.partNumber());
            boolean tooSmall = !part.equals(parts.getLast()) && part.sizeBytes() < partBytesMin;
            if (bytes == null || tooSmall || !Md5.hex(bytes).equals(part.eTag())) {
                throw new BucketException.Refused("completing " + key + ": " + part, null);
            }
            whole.writeBytes(bytes);
        }
        uploads.remove(uploadId);
        return whole.toByteArray();
    }

    void remove(String uploadId) {
        uploads.remove(uploadId);
    }

    void clear() {
        uploads.clear();
    }

    private Upload find(String key, String uploadId) throws BucketException {
        Upload upload = uploads.get(uploadId);
        if (upload == null || !upload.key().equals(key)) {
            throw new BucketException.NoSuchUpload("upload " + uploadId + " of " + key, null);
        }
        return upload;
    }
}
