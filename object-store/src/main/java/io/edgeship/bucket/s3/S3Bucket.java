package io.edgeship.bucket.s3;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ExactLengthStream;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.S3Settings;
import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// A bucket in an S3-compatible store. Bodies stream from where they are; nothing of the size of a part is
/// ever held in memory. Thread-safe.
public final class S3Bucket implements Bucket {
    private static final int DELETE_BATCH_MAX = 1000;

    private final S3Client client;
    private final S3Settings settings;
    private final String prefix;
    private final S3Encryption encryption;
    private final StoreClock clock;
    private volatile Capabilities capabilities = Capabilities.UNKNOWN;

    private S3Bucket(S3Client client, S3Settings settings, String prefix, S3Encryption encryption, StoreClock clock) {
        this.client = client;
        this.settings = settings;
        this.prefix = prefix.isEmpty() ? "" : prefix + "/";
        this.encryption = encryption;
        this.clock = clock;
    }

    /// Opens no connection yet.
    ///
    /// @throws ConfigException if a certificate or key that the settings name cannot be used
    public static S3Bucket open(S3Settings settings, String prefix) throws ConfigException {
        StoreClock clock = StoreClock.system();
        S3Encryption encryption = S3Encryption.of(settings.encryption());
        return new S3Bucket(S3Clients.open(settings, clock), settings, prefix, encryption, clock);
    }

    @Override
    public String location() {
        return "s3://" + settings.endpoint() + "/" + settings.bucket() + "/" + prefix;
    }

    @Override
    public ListPage list(String keyPrefix, @Nullable String delimiter, @Nullable String pageToken, int keysMax)
            throws BucketException {
        ObjectKeys.requirePrefix(keyPrefix);
        if (keysMax < 1 || keysMax > ListPage.KEYS_MAX) {
            throw new IllegalArgumentException("keysMax is " + keysMax);
        }
        return did(
                "listing " + keyPrefix,
                () -> S3Listing.page(client, settings, prefix, keyPrefix, delimiter, pageToken, keysMax));
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws BucketException {
        ObjectKeys.require(key);
        try {
            HeadObjectResponse reply = did(
                    "looking at " + key,
                    () -> client.headObject(
                            r -> encryption.toHead(r.bucket(settings.bucket()).key(nameOf(key)))));
            return Optional.of(new ObjectInfo(key, reply.contentLength(), plain(reply.eTag()), reply.lastModified()));
        } catch (BucketException.NotFound e) {
            return Optional.empty();
        }
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return open(key, null);
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        if (offset < 0 || length < 1) {
            throw new BucketException.Refused("reading %d bytes at %d of %s".formatted(length, offset, key), null);
        }
        return open(key, "bytes=" + offset + "-" + (offset + length - 1));
    }

    private InputStream open(String key, @Nullable String range) throws BucketException {
        ObjectKeys.require(key);
        ResponseInputStream<GetObjectResponse> stream = did(
                "reading " + key,
                () -> client.getObject(r -> encryption.toGet(
                        r.bucket(settings.bucket()).key(nameOf(key)).range(range))));
        return new ExactLengthStream(stream, "reading " + key, stream.response().contentLength());
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
        Optional<ObjectInfo> there = head(key);
        if (there.isEmpty() || there.get().sizeBytes() != body.sizeBytes()) {
            return Optional.empty();
        }
        String md5Hex = SendableBody.of(body).md5Hex();
        boolean same = there.get().eTag().equals(md5Hex);
        if (!same && !(encryption.eTagsAreDigests() && ETags.isOfWholePut(there.get()))) {
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
                .bucket(settings.bucket())
                .key(nameOf(key))
                .contentMD5(sendable.md5Base64())
                .ifNoneMatch(ifNoneMatch)
                .ifMatch(ifMatch);
        PutObjectRequest whole =
                encryption.toPut(UserMetadata.toPut(settings, request)).build();
        String eTag = did("storing " + key, () -> client.putObject(whole, sendable.toRequest()))
                .eTag();
        return new ObjectInfo(key, body.sizeBytes(), plain(eTag), clock.now().orElseGet(Instant::now));
    }

    @Override
    public String createUpload(String key) throws BucketException {
        ObjectKeys.require(key);
        return did(
                        "beginning an upload of " + key,
                        () -> client.createMultipartUpload(r -> encryption.toCreate(UserMetadata.toCreate(
                                settings, r.bucket(settings.bucket()).key(nameOf(key))))))
                .uploadId();
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        SendableBody sendable = SendableBody.of(body);
        String eTag = did(
                        "uploading part " + partNumber + " of " + key,
                        () -> client.uploadPart(
                                r -> encryption.toPart(r.bucket(settings.bucket())
                                        .key(nameOf(key))
                                        .uploadId(uploadId)
                                        .partNumber(partNumber)
                                        .contentMD5(sendable.md5Base64())),
                                sendable.toRequest()))
                .eTag();
        return new UploadedPart(partNumber, body.sizeBytes(), plain(eTag));
    }

    @Override
    public List<UploadedPart> listParts(String key, String uploadId) throws BucketException {
        List<UploadedPart> parts = new ArrayList<>();
        Integer marker = null;
        do {
            Integer after = marker;
            ListPartsResponse page = did(
                    "listing parts of " + key,
                    () -> client.listParts(r -> r.bucket(settings.bucket())
                            .key(nameOf(key))
                            .uploadId(uploadId)
                            .partNumberMarker(after)));
            for (Part part : page.parts()) {
                parts.add(new UploadedPart(part.partNumber(), part.size(), plain(part.eTag())));
            }
            marker = Boolean.TRUE.equals(page.isTruncated()) ? page.nextPartNumberMarker() : null;
        } while (marker != null && parts.size() < UploadedPart.PART_NUMBER_MAX);
        parts.sort(Comparator.comparingInt(UploadedPart::partNumber));
        return parts;
    }

    @Override
    public List<OpenUpload> listUploads(String keyPrefix) throws BucketException {
        List<OpenUpload> open = new ArrayList<>();
        var reply = did(
                "listing uploads of " + keyPrefix,
                () -> client.listMultipartUploads(
                        r -> r.bucket(settings.bucket()).prefix(prefix + keyPrefix)));
        for (MultipartUpload upload : reply.uploads()) {
            open.add(new OpenUpload(upload.key().substring(prefix.length()), upload.uploadId(), upload.initiated()));
        }
        open.sort(Comparator.comparing(OpenUpload::initiated));
        return open;
    }

    @Override
    public ObjectInfo completeUpload(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
        List<CompletedPart> completed = new ArrayList<>();
        long size = 0;
        for (UploadedPart part : parts) {
            completed.add(CompletedPart.builder()
                    .partNumber(part.partNumber())
                    .eTag(part.eTag())
                    .build());
            size += part.sizeBytes();
        }
        try {
            String eTag = did(
                            "completing the upload of " + key,
                            () -> client.completeMultipartUpload(r -> encryption.toComplete(r.bucket(settings.bucket())
                                    .key(nameOf(key))
                                    .uploadId(uploadId)
                                    .multipartUpload(m -> m.parts(completed)))))
                    .eTag();
            return new ObjectInfo(key, size, plain(eTag), clock.now().orElseGet(Instant::now));
        } catch (BucketException.NoSuchUpload e) {
            return alreadyComplete(key, parts, size).orElseThrow(() -> e);
        }
    }

    /// A completion whose reply got lost is sent again, and then the store no longer knows the upload.
    private Optional<ObjectInfo> alreadyComplete(String key, List<UploadedPart> parts, long sizeBytes)
            throws BucketException {
        return head(key)
                .filter(there ->
                        there.sizeBytes() == sizeBytes && ETags.ofParts(parts).equals(Optional.of(there.eTag())));
    }

    @Override
    public void abortUpload(String key, String uploadId) throws BucketException {
        try {
            did(
                    "aborting an upload of " + key,
                    () -> client.abortMultipartUpload(
                            r -> r.bucket(settings.bucket()).key(nameOf(key)).uploadId(uploadId)));
        } catch (BucketException.NoSuchUpload e) {
            return; // somebody else was there first
        }
    }

    @Override
    public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
        Optional<ObjectInfo> there = head(key);
        if (there.isEmpty()) {
            return Confirmation.MISSING;
        }
        return ETags.compare(there.get(), expected, encryption.eTagsAreDigests());
    }

    @Override
    public void delete(String key) throws BucketException {
        ObjectKeys.require(key);
        did(
                "deleting " + key,
                () -> client.deleteObject(r -> r.bucket(settings.bucket()).key(nameOf(key))));
    }

    @Override
    public void deleteAll(Collection<String> keys) throws BucketException {
        List<String> all = List.copyOf(keys);
        if (capabilities.batchDelete() == Capabilities.Support.NO) {
            for (String key : all) {
                delete(key);
            }
            return;
        }
        for (int from = 0; from < all.size(); from += DELETE_BATCH_MAX) {
            deleteBatch(all.subList(from, Math.min(all.size(), from + DELETE_BATCH_MAX)));
        }
    }

    private void deleteBatch(List<String> keys) throws BucketException {
        for (String key : keys) {
            ObjectKeys.require(key);
        }
        List<ObjectIdentifier> names = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(nameOf(key)).build())
                .toList();
        DeleteObjectsResponse reply = did(
                "deleting %d objects".formatted(keys.size()),
                () -> client.deleteObjects(r ->
                        r.bucket(settings.bucket()).delete(d -> d.objects(names).quiet(true))));
        if (reply.hasErrors() && !reply.errors().isEmpty()) {
            var first = reply.errors().getFirst();
            String what = "deleting %s: %s %s".formatted(first.key(), first.code(), first.message());
            throw "AccessDenied".equals(first.code())
                    ? new BucketException.AccessDenied(what, null)
                    : new BucketException.Unavailable(what, null);
        }
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
    public void close() {
        client.close();
    }

    private String nameOf(String key) {
        return prefix + key;
    }

    private static String plain(@Nullable String eTag) {
        return eTag == null ? "" : eTag.replace("\"", "");
    }

    private <T> T did(String doing, Supplier<T> request) throws BucketException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Errors.of(doing + " in " + location(), e);
        }
    }
}
