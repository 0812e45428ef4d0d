package io.edgeship.bucket;

import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Passes every call on, each through [#around], so that a wrapper is one method. Thread-safe if its wrapper is.
public abstract class ForwardingBucket implements Bucket {
    private final Bucket inner;

    protected ForwardingBucket(Bucket inner) {
        this.inner = inner;
    }

    /// Where calls go that ask nothing of the store.
    protected Bucket inner() {
        return inner;
    }

    /// What a wrapper sees of a call: the method's name and the key (or prefix) that it is about.
    public record Call(String method, String key) {
        @Override
        public String toString() {
            return method + " " + key;
        }
    }

    /// The call itself, to be made on the bucket given.
    protected interface Work<T> {
        T on(Bucket bucket) throws BucketException;
    }

    protected abstract <T> T around(Call call, Work<T> work) throws BucketException;

    private <T> T call(String method, String key, Work<T> work) throws BucketException {
        return around(new Call(method, key), work);
    }

    @Override
    public String location() {
        return inner().location();
    }

    @Override
    public boolean isLocal() {
        return inner().isLocal();
    }

    @Override
    public ListPage list(String prefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax)
            throws BucketException {
        return call("list", prefix, bucket -> bucket.list(prefix, delimiter, pageToken, keysMax));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws BucketException {
        return call("head", key, bucket -> bucket.head(key));
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return call("get", key, bucket -> bucket.get(key));
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return call("getRange", key, bucket -> bucket.get(key, offset, length));
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        return call("getRange", key, bucket -> bucket.getRange(key, offset, length));
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        return call("put", key, bucket -> bucket.put(key, body));
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        return call("putIfAbsent", key, bucket -> bucket.putIfAbsent(key, body));
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException {
        return call("putIfMatches", key, bucket -> bucket.putIfMatches(key, body, eTag));
    }

    @Override
    public String createUpload(String key) throws BucketException {
        return call("createUpload", key, bucket -> bucket.createUpload(key));
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        return call("uploadPart", key, bucket -> bucket.uploadPart(key, uploadId, partNumber, body));
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        return call("listParts", key, bucket -> bucket.listParts(key, uploadId));
    }

    @Override
    public List<OpenUpload> listUploads(String prefix) throws BucketException {
        return call("listUploads", prefix, bucket -> bucket.listUploads(prefix));
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        return call("completeUpload", key, bucket -> bucket.completeUpload(key, uploadId, parts));
    }

    @Override
    public void abortUpload(String key, String uploadId) throws BucketException {
        call("abortUpload", key, bucket -> {
            bucket.abortUpload(key, uploadId);
            return uploadId;
        });
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
        return call("confirm", key, bucket -> bucket.confirm(key, expected));
    }

    @Override
    public void delete(String key) throws BucketException {
        call("delete", key, bucket -> {
            bucket.delete(key);
            return key;
        });
    }

    @Override
    public void deleteAll(Collection<String> keys) throws BucketException {
        call("deleteAll", String.join(" ", keys), bucket -> {
            bucket.deleteAll(keys);
            return keys;
        });
    }

    @Override
    public Capabilities capabilities() {
        return inner().capabilities();
    }

    @Override
    public void learn(Capabilities capabilities) {
        inner().learn(capabilities);
    }

    @Override
    public StoreClock clock() {
        return inner().clock();
    }

    @Override
    public void close() {
        inner().close();
    }
}
