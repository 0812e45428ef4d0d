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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A store in memory that answers as S3 does: ETags are MD5 sums, an upload is gone once it is completed, a part may
/// have any size. What tests do behind the transport's back, they do to the maps; what the credentials allow and what
/// the clock says are fields.
public final class MemoryBucket implements Bucket {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    public final Map<String, byte[]> objects = new TreeMap<>();
    public final Map<String, TreeMap<Integer, byte[]>> uploads = new TreeMap<>();
    public Capabilities capabilities = Capabilities.UNKNOWN;

    /// What the store's clock says with its next reply.
    public Instant now = NOW;

    /// False as with a key of the store's own (SSE-KMS): ETags say nothing of the content.
    public boolean eTagsAreDigests = true;

    public boolean mayGetObject = true;

    /// Without it, a look at a key that is missing is denied.
    public boolean mayListBucket = true;

    public boolean mayListParts = true;

    private final StoreClock clock = new StoreClock(InstantSource.fixed(NOW), () -> 0);
    private final Map<String, List<Integer>> partLengths = new TreeMap<>();
    private int uploadsBegun;

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax) {
        throw new UnsupportedOperationException("the transport never lists objects");
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws BucketException {
        requireReadable(key);
        byte[] object = objects.get(key);
        return object == null ? Optional.empty() : Optional.of(info(key, object));
    }

    private void requireReadable(String key) throws BucketException {
        clock.saw(now);
        if (!mayGetObject || (!mayListBucket && !objects.containsKey(key))) {
            throw new BucketException.AccessDenied("looking at " + key + ": status 403", null);
        }
    }

    @Override
    public InputStream get(String key) throws BucketException {
        requireReadable(key);
        byte[] object = objects.get(key);
        if (object == null) {
            throw new BucketException.NotFound("reading " + key, null);
        }
        return new ByteArrayInputStream(object);
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        throw new UnsupportedOperationException("the transport reads no ranges");
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        byte[] bytes = read(body);
        clock.saw(now);
        objects.put(key, bytes);
        partLengths.remove(key);
        return info(key, bytes);
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
        throw new UnsupportedOperationException("the transport replaces nothing under a condition");
    }

    @Override
    public String createUpload(String key) {
        clock.saw(now);
        String uploadId = "upload-" + ++uploadsBegun;
        uploads.put(uploadId, new TreeMap<>());
        return uploadId;
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        byte[] bytes = read(body);
        clock.saw(now);
        upload(key, uploadId).put(partNumber, bytes);
        return uploaded(partNumber, bytes);
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        clock.saw(now);
        if (!mayListParts) {
            throw new BucketException.AccessDenied("listing parts of " + key + ": status 403", null);
        }
        List<UploadedPart> parts = new ArrayList<>();
        upload(key, uploadId).forEach((number, bytes) -> parts.add(uploaded(number, bytes)));
        return parts;
    }

    @Override
    public List<OpenUpload> listUploads(String prefix) {
        throw new UnsupportedOperationException("the transport knows its uploads by the ledger");
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        clock.saw(now);
        Map<Integer, byte[]> held = upload(key, uploadId);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (UploadedPart part : parts) {
            byte[] bytes = held.get(part.partNumber());
            if (bytes == null || !eTag(bytes).equals(part.eTag())) {
                throw new BucketException.Refused("completing " + key + ": InvalidPart " + part, null);
            }
            whole.writeBytes(bytes);
        }
        uploads.remove(uploadId);
        objects.put(key, whole.toByteArray());
        partLengths.put(key, parts.stream().map(part -> (int) part.sizeBytes()).toList());
        return info(key, whole.toByteArray());
    }

    @Override
    public void abortUpload(String key, String uploadId) {
        uploads.remove(uploadId);
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
        requireReadable(key);
        byte[] object = objects.get(key);
        if (object == null) {
            return Confirmation.MISSING;
        }
        if (!eTagsAreDigests && object.length == expected.sizeBytes()) {
            return Confirmation.SIZE_MATCHES;
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

    private ObjectInfo info(String key, byte[] object) {
        List<Integer> lengths = partLengths.getOrDefault(key, List.of());
        boolean inParts = !lengths.isEmpty()
                && lengths.stream().mapToInt(Integer::intValue).sum() == object.length;
        return new ObjectInfo(key, object.length, inParts ? eTag(object, lengths) : eTag(object), now);
    }

    private UploadedPart uploaded(int number, byte[] bytes) {
        return new UploadedPart(number, bytes.length, eTag(bytes));
    }

    private String eTag(byte[] bytes) {
        return eTagsAreDigests
                ? md5(bytes)
                : new StringBuilder(md5(bytes)).reverse().toString();
    }

    private String eTag(byte[] object, List<Integer> lengths) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        int offset = 0;
        for (int length : lengths) {
            digests.writeBytes(HexFormat.of().parseHex(md5(Arrays.copyOfRange(object, offset, offset + length))));
            offset += length;
        }
        return eTag(digests.toByteArray()) + "-" + lengths.size();
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
