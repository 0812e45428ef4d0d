package io.edgeship.bucket.s3;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.ObjectRange;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// A bucket in an S3-compatible store. Bodies stream from where they are; nothing of the size of a part is ever held
/// in memory. Thread-safe.
public final class S3Bucket implements Bucket {
    private final S3Calls calls;
    private final S3Uploads uploads;
    private final S3Deletions deletions;
    private volatile Capabilities capabilities = Capabilities.UNKNOWN;

    private S3Bucket(S3Calls calls) {
        this.calls = calls;
        uploads = new S3Uploads(calls);
        deletions = new S3Deletions(calls);
    }

    /// Opens no connection yet. Requests are tried as often as the settings say.
    ///
    /// @throws ConfigException if a certificate or key that the settings name cannot be used
    public static S3Bucket open(S3Settings settings, String prefix) throws ConfigException {
        return open(settings, prefix, Link.UNWATCHED, StoreClock.system());
    }

    /// Opens no connection yet. Over a `link` that is watched each request is tried once: whoever watches it knows when
    /// to try again.
    ///
    /// @param clock is set by each reply
    /// @throws ConfigException if a certificate or key that the settings name cannot be used
    public static S3Bucket open(S3Settings settings, String prefix, Link link, StoreClock clock)
            throws ConfigException {
        S3Encryption encryption = S3Encryption.of(settings.encryption());
        String below = prefix.isEmpty() ? "" : prefix + "/";
        return new S3Bucket(new S3Calls(S3Clients.open(settings, link, clock), settings, below, encryption, clock));
    }

    @Override
    public String location() {
        return calls.location();
    }

    @Override
    public ListPage list(String keyPrefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax)
            throws BucketException {
        ObjectKeys.requirePrefix(keyPrefix);
        if (keysMax < 1 || keysMax > ListPage.KEYS_MAX) {
            throw new IllegalArgumentException("keysMax is " + keysMax);
        }
        return calls.did(
                "listing " + keyPrefix,
                () -> S3Listing.page(
                        calls.client(), calls.settings(), calls.prefix(), keyPrefix, delimiter, pageToken, keysMax));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws BucketException {
        return calls.head(key);
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return S3Reads.open(calls, key, null).bytes();
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return getRange(key, offset, length).bytes();
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        if (offset < 0 || length < 1) {
            throw new BucketException.Refused("reading %d bytes at %d of %s".formatted(length, offset, key), null);
        }
        return S3Reads.open(calls, key, "bytes=" + offset + "-" + (offset + length - 1));
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        return put(key, body, null, null);
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        requireConditions(key);
        try {
            return put(key, body, "*", null);
        } catch (BucketException.PreconditionFailed e) {
            return ownWrite(key, body).orElseThrow(() -> e);
        }
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException {
        requireConditions(key);
        try {
            return put(key, body, null, "\"" + eTag + "\"");
        } catch (BucketException.NotFound e) {
            throw new BucketException.PreconditionFailed(
                    "storing " + key + ": it is gone", e); // what was to be replaced is gone
        } catch (BucketException.PreconditionFailed e) {
            return ownWrite(key, body).orElseThrow(() -> e);
        }
    }

    /// A store that ignores conditions would overwrite what it should not.
    private void requireConditions(String key) throws BucketException {
        if (capabilities.conditionalPut() == Capabilities.Support.NO) {
            throw new BucketException.Unsupported(
                    "storing " + key + ": " + location() + " has no conditional writes", null);
        }
    }

    /// The object, if it holds the very bytes of `body`. The SDK may have sent a put twice, the first time with
    /// success and a lost reply: then the object that is in the way is ours.
    private Optional<ObjectInfo> ownWrite(String key, Body body) throws BucketException {
        Optional<ObjectInfo> there = calls.headIfAllowed(key);
        if (there.isEmpty() || there.get().sizeBytes() != body.sizeBytes()) {
            return Optional.empty();
        }
        String md5Hex = SendableBody.of(body).md5Hex();
        boolean same = there.get().eTag().equals(md5Hex);
        if (!same && !(calls.encryption().eTagsAreDigests() && ETags.isOfWholePut(there.get()))) {
            same = md5Hex.equals(md5HexOf(key));
        }
        return same ? there : Optional.empty();
    }

    private String md5HexOf(String key) throws BucketException {
        try (InputStream in = get(key)) {
            return SendableBody.md5Hex(in);
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw new BucketException.Unavailable("reading " + key + ": " + e.getMessage(), e);
        }
    }

    private ObjectInfo put(String key, Body body, @Nullable String ifNoneMatch, @Nullable String ifMatch)
            throws BucketException {
        ObjectKeys.require(key);
        SendableBody sendable = SendableBody.of(body);
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(calls.bucketName())
                .key(calls.nameOf(key))
                .contentMD5(sendable.md5Base64())
                .ifNoneMatch(ifNoneMatch)
                .ifMatch(ifMatch);
        PutObjectRequest whole = calls.encryption()
                .toPut(UserMetadata.toPut(calls.settings(), request))
                .build();
        String eTag = calls.did("storing " + key, () -> calls.client().putObject(whole, sendable.toRequest()))
                .eTag();
        return new ObjectInfo(
                key,
                body.sizeBytes(),
                S3Calls.requireETag(eTag, "storing " + key),
                calls.clock().now().orElseGet(Instant::now));
    }

    @Override
    public String createUpload(String key) throws BucketException {
        return uploads.create(key);
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        return uploads.put(key, uploadId, partNumber, body);
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        return uploads.parts(key, uploadId);
    }

    @Override
    public List<OpenUpload> listUploads(String keyPrefix) throws BucketException {
        return uploads.list(keyPrefix);
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        return uploads.complete(key, uploadId, parts);
    }

    @Override
    public void abortUpload(String key, String uploadId) throws BucketException {
        uploads.abort(key, uploadId);
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
        Optional<ObjectInfo> there = head(key);
        if (there.isEmpty()) {
            return Confirmation.MISSING;
        }
        return ETags.compare(there.get(), expected, calls.encryption().eTagsAreDigests());
    }

    @Override
    public void delete(String key) throws BucketException {
        deletions.delete(key);
    }

    @Override
    public void deleteAll(Collection<String> keys) throws BucketException {
        deletions.deleteAll(List.copyOf(keys), capabilities.batchDelete());
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
        return calls.clock();
    }

    @Override
    public void close() {
        calls.client().close();
    }
}
