package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A store in memory that answers as S3 does: ETags are MD5 sums, an upload is gone once it is completed.
/// What tests do behind the uploader's back, they do to the maps.
public final class MemoryBucket implements Bucket {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    public final Map<String, byte[]> objects = new TreeMap<>();
    public final Map<String, TreeMap<Integer, byte[]>> uploads = new TreeMap<>();
    public Capabilities capabilities = Capabilities.UNKNOWN;

    private final StoreClock clock = new StoreClock(InstantSource.fixed(NOW), () -> 0);
    private int uploadsBegun;

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax) {
        throw new UnsupportedOperationException("the uploader never lists objects");
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        clock.saw(NOW);
        byte[] object = objects.get(key);
        return object == null ? Optional.empty() : Optional.of(info(key, object));
    }

    @Override
    public InputStream get(String key) throws BucketException {
        byte[] object = objects.get(key);
        if (object == null) {
            throw new BucketException.NotFound("reading " + key, null);
        }
        return new ByteArrayInputStream(object);
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        throw new UnsupportedOperationException("the uploader reads no ranges");
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        objects.put(key, read(body));
        return head(key).orElseThrow();
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        byte[] there = objects.get(key);
        if (there != null && !Arrays.equals(there, read(body))) {
            throw new BucketException.PreconditionFailed("storing " + key, null);
        }
        return put(key, body);
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) {
        throw new UnsupportedOperationException("the uploader replaces nothing under a condition");
    }

    @Override
    public String createUpload(String key) {
        String uploadId = "upload-" + ++uploadsBegun;
        uploads.put(uploadId, new TreeMap<>());
        return uploadId;
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        byte[] bytes = read(body);
        upload(key, uploadId).put(partNumber, bytes);
        return new UploadedPart(partNumber, bytes.length, md5(bytes));
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        List<UploadedPart> parts = new ArrayList<>();
        upload(key, uploadId).forEach((number, bytes) -> parts.add(new UploadedPart(number, bytes.length, md5(bytes))));
        return parts;
    }

    @Override
    public List<OpenUpload> listUploads(String prefix) {
        throw new UnsupportedOperationException("the uploader knows its uploads by the ledger");
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        Map<Integer, byte[]> held = upload(key, uploadId);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (UploadedPart part : parts) {
            byte[] bytes = held.get(part.partNumber());
            if (bytes == null || !md5(bytes).equals(part.eTag())) {
                throw new BucketException.Refused("completing " + key + ": InvalidPart " + part, null);
            }
            whole.writeBytes(bytes);
        }
        uploads.remove(uploadId);
        objects.put(key, whole.toByteArray());
        return head(key).orElseThrow();
    }

    @Override
    public void abortUpload(String key, String uploadId) {
        uploads.remove(uploadId);
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) {
        byte[] object = objects.get(key);
        if (object == null) {
            return Confirmation.MISSING;
        }
        int offset = 0;
        for (ObjectDigest.Part part : expected.parts()) {
            int end = offset + (int) part.sizeBytes();
            if (end > object.length
                    || !md5(Arrays.copyOfRange(object, offset, end)).equals(part.md5Hex())) {
                return Confirmation.DIFFERS;
            }
            offset = end;
        }
        return offset == object.length ? Confirmation.MATCHES : Confirmation.DIFFERS;
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public void deleteAll(Collection<String> keys) {
        objects.keySet().removeAll(keys);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void learn(Capabilities found) {
        capabilities = found;
    }

    @Override
    public StoreClock clock() {
        return clock;
    }

    @Override
    public void close() {}

    private Map<Integer, byte[]> upload(String key, String uploadId) throws BucketException {
        Map<Integer, byte[]> parts = uploads.get(uploadId);
        if (parts == null) {
            throw new BucketException.NoSuchUpload("upload " + uploadId + " of " + key, null);
        }
        return parts;
    }

    private static ObjectInfo info(String key, byte[] object) {
        return new ObjectInfo(key, object.length, md5(object), NOW);
    }

    private static String md5(byte[] bytes) {
        try {
            return PartDigests.of(new ByteArrayInputStream(bytes)).md5Hex();
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory can be read", e);
        }
    }

    private static byte[] read(Body body) throws BucketException {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading what is to be stored", e);
        }
    }
}
