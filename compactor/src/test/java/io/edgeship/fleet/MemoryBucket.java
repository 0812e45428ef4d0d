package io.edgeship.fleet;

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
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lists and reads objects in memory, and does nothing else: for more of them than a test should put on a disk.
public final class MemoryBucket implements Bucket {
    private final NavigableMap<String, byte[]> objects;

    public MemoryBucket() {
        this(Comparator.naturalOrder());
    }

    /// @param order in which it lists keys; no two may be the same in it
    public MemoryBucket(Comparator<String> order) {
        objects = new TreeMap<>(order);
    }

    public void add(String key, byte[] bytes) {
        objects.put(key, bytes);
    }

    @Override
    public ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax) {
        List<ObjectInfo> page = new ArrayList<>();
        for (var object : after(pageToken).entrySet()) {
            if (page.size() == keysMax) {
                return new ListPage(page, List.of(), page.getLast().key());
            }
            page.add(new ObjectInfo(object.getKey(), object.getValue().length, "etag", Instant.EPOCH));
        }
        return new ListPage(page, List.of(), null);
    }

    private NavigableMap<String, byte[]> after(@Nullable String key) {
        return key == null ? objects : objects.tailMap(key, false);
    }

    @Override
    public InputStream get(String key) throws BucketException {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            throw new BucketException.NotFound(key, null);
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public StoreClock clock() {
        return StoreClock.system();
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.UNKNOWN;
    }

    @Override
    public void learn(Capabilities capabilities) {}

    @Override
    public void close() {}

    @Override
    public Optional<ObjectInfo> head(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream get(String key, long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectInfo put(String key, Body body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String createUpload(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<OpenUpload> listUploads(String prefix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abortUpload(String key, String uploadId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteAll(Collection<String> keys) {
        throw new UnsupportedOperationException();
    }
}
