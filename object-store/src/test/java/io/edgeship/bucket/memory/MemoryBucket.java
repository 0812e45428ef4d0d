package io.edgeship.bucket.memory;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.ObjectRange;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A whole bucket in memory, for tests that make thousands of requests: a directory forces each write to the disk.
/// ETags are MD5 sums. What tests do behind everybody's back is [#set] and [#remove]. Thread-safe.
public final class MemoryBucket implements Bucket {
    private final NavigableMap<String, Stored> objects = new TreeMap<>(ObjectKeys.BYTE_ORDER);
    private final MemoryUploads uploads;
    private final InstantSource time;
    private final StoreClock clock;

    private record Stored(byte[] bytes, String eTag, Instant at) {
        Stored(byte[] bytes, Instant at) {
            this(bytes, Md5.hex(bytes), at);
        }

        ObjectInfo info(String key) {
            return new ObjectInfo(key, bytes.length, eTag, at);
        }
    }

    /// With the system's time, in milliseconds of which no two writes share one.
    public MemoryBucket() {
        this(new Ticks(), UploadedPart.SIZE_BYTES_MIN);
    }

    /// @param time what the store takes for the time; asked for at every request
    public MemoryBucket(InstantSource time) {
        this(time, UploadedPart.SIZE_BYTES_MIN);
    }

    private MemoryBucket(InstantSource time, long partBytesMin) {
        this.time = time;
        uploads = new MemoryUploads(partBytesMin);
        clock = time instanceof Ticks
                ? StoreClock.system()
                : new StoreClock(time, () -> 0); // between two replies its time stands still
    }

    /// As no store is: with parts of any size, so that tests of many parts need few bytes.
    public static MemoryBucket ofSmallParts() {
        return new MemoryBucket(new Ticks(), 1);
    }

    private static final class Ticks implements InstantSource {
        private Instant last = Instant.EPOCH;

        @Override
        public synchronized Instant instant() {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            last = now.isAfter(last) ? now : last.plusMillis(1);
            return last;
        }
    }

    /// Stores an object as if it had been put then.
    public synchronized void set(String key, byte[] bytes, Instant at) {
        objects.put(key, new Stored(bytes.clone(), at));
    }

    public synchronized void set(String key, byte[] bytes) {
        set(key, bytes, time.instant());
    }

    public synchronized void remove(String key) {
        objects.remove(key);
    }

    /// What is stored there, or null.
    public synchronized byte @Nullable [] bytes(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : stored.bytes().clone();
    }

    /// All of them that start so, in order.
    public synchronized List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    public synchronized void clear() {
        objects.clear();
        uploads.clear();
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public synchronized ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax) throws BucketException {
        ObjectKeys.requirePrefix(prefix);
        clock.saw(time.instant());
        List<ObjectInfo> page = new ArrayList<>();
        TreeSet<String> folded = new TreeSet<>(ObjectKeys.BYTE_ORDER);
        String last = null;
        for (var object : objects.tailMap(pageToken == null ? prefix : pageToken, pageToken == null)
                .entrySet()) {
            String key = object.getKey();
            if (!key.startsWith(prefix)
                    || (pageToken != null && pageToken.endsWith("/") && key.startsWith(pageToken))) {
                continue;
            }
            int end = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
            String name = end < 0 ? key : key.substring(0, end + 1);
            if (!folded.contains(name) && page.size() + folded.size() == keysMax) {
                return new ListPage(page, List.copyOf(folded), last);
            }
            if (end < 0) {
                page.add(object.getValue().info(key));
            } else {
                folded.add(name);
            }
            last = name;
        }
        return new ListPage(page, List.copyOf(folded), null);
    }

    @Override
    public synchronized Optional<ObjectInfo> head(String key) throws BucketException {
        ObjectKeys.require(key);
        clock.saw(time.instant());
        return Optional.ofNullable(objects.get(key)).map(stored -> stored.info(key));
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return new ByteArrayInputStream(stored(key).bytes());
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        byte[] bytes = stored(key).bytes();
        if (offset < 0 || offset >= bytes.length || length < 1) {
            throw new BucketException.Refused("reading %d bytes at %d of %s".formatted(length, offset, key), null);
        }
        return new ByteArrayInputStream(bytes, (int) offset, (int) Math.min(length, bytes.length - offset));
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        return new ObjectRange(stored(key).info(key), get(key, offset, length));
    }

    private synchronized Stored stored(String key) throws BucketException {
        ObjectKeys.require(key);
        clock.saw(time.instant());
        Stored stored = objects.get(key);
        if (stored == null) {
            throw new BucketException.NotFound("reading " + key, null);
        }
        return stored;
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        ObjectKeys.require(key);
        return store(key, read(body));
    }

    private synchronized ObjectInfo store(String key, byte[] bytes) {
        Stored stored = new Stored(bytes, time.instant());
        clock.saw(stored.at());
        objects.put(key, stored);
        return stored.info(key);
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        ObjectKeys.require(key);
        byte[] bytes = read(body);
        synchronized (this) {
            Stored there = objects.get(key);
            if (there == null) {
                return store(key, bytes);
            }
            if (!Arrays.equals(there.bytes(), bytes)) {
                throw new BucketException.PreconditionFailed("storing " + key + ": another object is there", null);
            }
            return there.info(key);
        }
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException {
        ObjectKeys.require(key);
        byte[] bytes = read(body);
        synchronized (this) {
            Stored there = objects.get(key);
            if (there == null || !there.info(key).eTag().equals(eTag)) {
                throw new BucketException.PreconditionFailed("storing " + key + ": it has changed", null);
            }
            return store(key, bytes);
        }
    }

    @Override
    public synchronized String createUpload(String key) throws BucketException {
        return uploads.begin(ObjectKeys.require(key), time.instant());
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        byte[] bytes = read(body);
        synchronized (this) {
            return uploads.put(key, uploadId, partNumber, bytes);
        }
    }

    @Override
    public synchronized List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        return uploads.parts(key, uploadId);
    }

    @Override
    public synchronized List<OpenUpload> listUploads(String prefix) {
        return uploads.list(prefix);
    }

    @Override
    public synchronized ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts)
            throws BucketException {
        return store(key, uploads.complete(key, uploadId, parts));
    }

    @Override
    public synchronized void abortUpload(String key, String uploadId) {
        uploads.remove(uploadId);
    }

    @Override
    public synchronized Confirmation confirm(String key, ObjectDigest expected) {
        Stored stored = objects.get(key);
        if (stored == null) {
            return Confirmation.MISSING;
        }
        byte[] bytes = stored.bytes();
        long offset = 0;
        for (ObjectDigest.Part part : expected.parts()) {
            long end = offset + part.sizeBytes();
            if (end > bytes.length
                    || !Md5.hex(Arrays.copyOfRange(bytes, (int) offset, (int) end))
                            .equals(part.md5Hex())) {
                return Confirmation.DIFFERS;
            }
            offset = end;
        }
        return offset == bytes.length ? Confirmation.MATCHES : Confirmation.DIFFERS;
    }

    @Override
    public synchronized void delete(String key) throws BucketException {
        objects.remove(ObjectKeys.require(key));
    }

    @Override
    public synchronized void deleteAll(Collection<String> keys) throws BucketException {
        for (String key : keys) {
            delete(key);
        }
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(Support.YES, Support.YES, Support.YES);
    }

    @Override
    public void learn(Capabilities capabilities) {}

    @Override
    public StoreClock clock() {
        return clock;
    }

    @Override
    public void close() {}

    private static byte[] read(Body body) throws BucketException {
        try (InputStream in = body.open()) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != body.sizeBytes()) {
                throw new IOException("body has %d bytes, said %d".formatted(bytes.length, body.sizeBytes()));
            }
            return bytes;
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading what is to be stored: " + e.getMessage(), e);
        }
    }
}
