package io.edgeship.bucket.s3;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.ObjectKeys;
import java.util.List;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/// Deletes objects, one or many at a time. Thread-safe.
final class S3Deletions {
    /// What a store takes in one request.
    private static final int BATCH_MAX = 1000;

    private final S3Calls calls;

    S3Deletions(S3Calls calls) {
        this.calls = calls;
    }

    void delete(String key) throws BucketException {
        ObjectKeys.require(key);
        calls.did(
                "deleting " + key,
                () -> calls.client()
                        .deleteObject(r -> r.bucket(calls.bucketName()).key(calls.nameOf(key))));
    }

    /// @param batches whether the store deletes many at once; tried where that is not known
    void deleteAll(List<String> keys, Capabilities.Support batches) throws BucketException {
        if (batches == Capabilities.Support.NO) {
            for (String key : keys) {
                delete(key);
            }
            return;
        }
        for (int from = 0; from < keys.size(); from += BATCH_MAX) {
            deleteBatch(keys.subList(from, Math.min(keys.size(), from + BATCH_MAX)));
        }
    }

    private void deleteBatch(List<String> keys) throws BucketException {
        for (String key : keys) {
            ObjectKeys.require(key);
        }
        List<ObjectIdentifier> names = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(calls.nameOf(key)).build())
                .toList();
        DeleteObjectsResponse reply = calls.did(
                "deleting %d objects".formatted(keys.size()),
                () -> calls.client()
                        .deleteObjects(r -> r.bucket(calls.bucketName())
                                .delete(d -> d.objects(names).quiet(true))));
        if (reply.hasErrors() && !reply.errors().isEmpty()) {
            var first = reply.errors().getFirst();
            String what = "deleting %s: %s %s".formatted(first.key(), first.code(), first.message());
            throw "AccessDenied".equals(first.code())
                    ? new BucketException.AccessDenied(what, null)
                    : new BucketException.Throttled(what, null);
        }
    }
}
