package io.edgeship.bucket.s3;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ExactLengthStream;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import io.edgeship.bucket.ObjectRange;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Opens objects to be read. Stateless.
final class S3Reads {
    private static final Pattern WHOLE_SIZE = Pattern.compile("/(\\d{1,18})$");

    private S3Reads() {}

    /// @param range as HTTP has it; null for the whole object
    static ObjectRange open(S3Calls calls, String key, @Nullable String range) throws BucketException {
        ObjectKeys.require(key);
        ResponseInputStream<GetObjectResponse> stream = calls.did(
                "reading " + key,
                () -> calls.client()
                        .getObject(r -> calls.encryption()
                                .toGet(r.bucket(calls.bucketName())
                                        .key(calls.nameOf(key))
                                        .range(range))));
        GetObjectResponse reply = stream.response();
        Long lengthBytes = reply.contentLength();
        if (lengthBytes == null) {
            stream.abort();
            throw S3Calls.cutShort("reading " + key);
        }
        Instant lastModified = Optional.ofNullable(reply.lastModified()).orElse(Instant.EPOCH);
        return new ObjectRange(
                new ObjectInfo(key, wholeBytes(reply, lengthBytes), S3Calls.plain(reply.eTag()), lastModified),
                new ExactLengthStream(stream, "reading " + key, lengthBytes));
    }

    /// Of the whole object: `bytes 0-9/100`. What does not say so is taken for all there is.
    private static long wholeBytes(GetObjectResponse reply, long lengthBytes) {
        String range = reply.contentRange();
        Matcher size = WHOLE_SIZE.matcher(range == null ? "" : range);
        return size.find() ? Long.parseLong(size.group(1)) : lengthBytes;
    }
}
