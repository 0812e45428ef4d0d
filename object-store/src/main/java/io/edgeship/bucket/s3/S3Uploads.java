package io.edgeship.bucket.s3;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.UploadedPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/// The multipart uploads of a bucket, as [io.edgeship.bucket.Bucket] describes them. Thread-safe.
final class S3Uploads {
    private final S3Calls calls;

    S3Uploads(S3Calls calls) {
        this.calls = calls;
    }

    String create(String key) throws BucketException {
        ObjectKeys.require(key);
        return calls.did(
                        "beginning an upload of " + key,
                        () -> calls.client()
                                .createMultipartUpload(r -> calls.encryption()
                                        .toCreate(UserMetadata.toCreate(
                                                calls.settings(),
                                                r.bucket(calls.bucketName()).key(calls.nameOf(key))))))
                .uploadId();
    }

    UploadedPart put(String key, String uploadId, int partNumber, Body body) throws BucketException {
        SendableBody sendable = SendableBody.of(body);
        String eTag = calls.did(
                        "uploading part " + partNumber + " of " + key,
                        () -> calls.client()
                                .uploadPart(
                                        r -> calls.encryption()
                                                .toPart(r.bucket(calls.bucketName())
                                                        .key(calls.nameOf(key))
                                                        .uploadId(uploadId)
                                                        .partNumber(partNumber)
                                                        .contentMD5(sendable.md5Base64())),
                                        sendable.toRequest()))
                .eTag();
        return new UploadedPart(
                partNumber, body.sizeBytes(), S3Calls.requireETag(eTag, "uploading part " + partNumber + " of " + key));
    }

    List<UploadedPart> parts(String key, String uploadId) throws BucketException {
        List<UploadedPart> parts = new ArrayList<>();
        Integer marker = null;
        do {
            Integer after = marker;
            ListPartsResponse page = calls.did(
                    "listing parts of " + key,
                    () -> calls.client()
                            .listParts(r -> r.bucket(calls.bucketName())
                                    .key(calls.nameOf(key))
                                    .uploadId(uploadId)
                                    .partNumberMarker(after)));
            for (Part part : page.parts()) {
                parts.add(new UploadedPart(part.partNumber(), part.size(), S3Calls.plain(part.eTag())));
            }
            marker = Boolean.TRUE.equals(page.isTruncated()) ? page.nextPartNumberMarker() : null;
        } while (marker != null && parts.size() < UploadedPart.PART_NUMBER_MAX);
        parts.sort(Comparator.comparingInt(UploadedPart::partNumber));
        return parts;
    }

    List<OpenUpload> list(String keyPrefix) throws BucketException {
        List<OpenUpload> open = new ArrayList<>();
        var reply = calls.did(
                "listing uploads of " + keyPrefix,
                () -> calls.client()
                        .listMultipartUploads(r -> r.bucket(calls.bucketName()).prefix(calls.nameOf(keyPrefix))));
        for (MultipartUpload upload : reply.uploads()) {
            open.add(new OpenUpload(calls.keyOf(upload.key()), upload.uploadId(), upload.initiated()));
        }
        open.sort(Comparator.comparing(OpenUpload::initiated));
        return open;
    }

    ObjectInfo complete(String key, String uploadId, List<UploadedPart> parts) throws BucketException {
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
            String eTag = calls.did(
                            "completing the upload of " + key,
                            () -> calls.client()
                                    .completeMultipartUpload(r -> calls.encryption()
                                            .toComplete(r.bucket(calls.bucketName())
                                                    .key(calls.nameOf(key))
                                                    .uploadId(uploadId)
                                                    .multipartUpload(m -> m.parts(completed)))))
                    .eTag();
            return new ObjectInfo(
                    key, size, S3Calls.plain(eTag), calls.clock().now().orElseGet(Instant::now));
        } catch (BucketException.NoSuchUpload e) {
            return alreadyComplete(key, parts, size).orElseThrow(() -> e);
        }
    }

    /// A completion whose reply got lost is sent again, and then the store no longer knows the upload.
    private Optional<ObjectInfo> alreadyComplete(String key, List<UploadedPart> parts, long sizeBytes)
            throws BucketException {
        return calls.headIfAllowed(key)
                .filter(there ->
                        there.sizeBytes() == sizeBytes && ETags.ofParts(parts).equals(Optional.of(there.eTag())));
    }

    void abort(String key, String uploadId) throws BucketException {
        try {
            calls.did(
                    "aborting an upload of " + key,
                    () -> calls.client()
                            .abortMultipartUpload(r -> r.bucket(calls.bucketName())
                                    .key(calls.nameOf(key))
                                    .uploadId(uploadId)));
        } catch (BucketException.NoSuchUpload e) {
            return; // somebody else was there first
        }
    }
}
