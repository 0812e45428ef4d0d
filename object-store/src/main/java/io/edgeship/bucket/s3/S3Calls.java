package io.edgeship.bucket.s3;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.StoreClock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// What every request to one bucket needs: the client, names below the prefix, and failures that say what was tried.
///
/// @param prefix of all keys, with a `/` at its end, or empty
record S3Calls(S3Client client, S3Settings settings, String prefix, S3Encryption encryption, StoreClock clock) {
    String bucketName() {
        return settings.bucket();
    }

    String location() {
        return "s3://" + settings.endpoint() + "/" + settings.bucket() + "/" + prefix;
    }

    String nameOf(String key) {
        return prefix + key;
    }

    /// The opposite of [#nameOf].
    String keyOf(String name) {
        return name.substring(prefix.length());
    }

    /// Empty if there is none.
    Optional<ObjectInfo> head(String key) throws BucketException {
        ObjectKeys.require(key);
        try {
            HeadObjectResponse reply = did(
                    "looking at " + key,
                    () -> client.headObject(
                            r -> encryption.toHead(r.bucket(settings.bucket()).key(nameOf(key)))));
            Long sizeBytes = reply.contentLength();
            if (sizeBytes == null) {
                throw cutShort("looking at " + key);
            }
            Instant lastModified = Optional.ofNullable(reply.lastModified()).orElse(Instant.EPOCH);
            return Optional.of(
                    new ObjectInfo(key, sizeBytes, requireETag(reply.eTag(), "looking at " + key), lastModified));
        } catch (BucketException.NotFound e) {
            return Optional.empty();
        }
    }

    /// As [#head]; empty too where the credentials do not allow a look.
    Optional<ObjectInfo> headIfAllowed(String key) throws BucketException {
        try {
            return head(key);
        } catch (BucketException.AccessDenied e) {
            return Optional.empty(); // what the caller already knows has to do
        }
    }

    /// A reply whose head ended early: the JDK takes what came for all there is.
    static BucketException.Unavailable cutShort(String doing) {
        return new BucketException.Unavailable(doing + ": the reply was cut short", null);
    }

    /// The ETag of what was stored, which every store gives.
    static String requireETag(@Nullable String eTag, String doing) throws BucketException.Unavailable {
        if (eTag == null) {
            throw cutShort(doing);
        }
        return plain(eTag);
    }

    static String plain(@Nullable String eTag) {
        return eTag == null ? "" : eTag.replace("\"", "");
    }

    /// @param doing what the request is for: the beginning of the message, should it fail
    <T> T did(String doing, Supplier<T> request) throws BucketException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Errors.of(doing + " in " + location(), e);
        }
    }
}
