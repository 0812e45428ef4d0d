package io.edgeship.bucket.s3;

import io.edgeship.bucket.BucketException;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What an error of the SDK means for the one who asked.
final class S3Errors {
    /// The SDK has no type of its own for it.
    private static final String NO_CREDENTIALS = "Unable to load credentials";

    /// S3 gives some of them status 400.
    private static final Set<String> OF_CREDENTIALS = Set.of(
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidAccessKeyId",
            "InvalidSecurity",
            "SignatureDoesNotMatch",
            "AuthorizationHeaderMalformed",
            "RequestExpired",
            "RequestTimeTooSkewed");

    private S3Errors() {}

    static BucketException of(String doing, SdkException cause) {
        if (cause instanceof S3Exception reply) {
            return ofReply(doing + ": " + words(reply), reply);
        }
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof BucketException.BodyUnreadable || deeper instanceof BucketException.HeldBack) {
                return (BucketException) deeper;
            }
            if (deeper instanceof StalledException) {
                return new BucketException.Unavailable(doing + ": " + deeper.getMessage(), cause);
            }
        }
        String what = doing + ": " + cause.getMessage();
        if (cause instanceof SdkServiceException issuer && issuer.statusCode() < 500) {
            return new BucketException.AccessDenied(what, cause); // who hands out the credentials will not
        }
        return String.valueOf(cause.getMessage()).startsWith(NO_CREDENTIALS)
                ? new BucketException.AccessDenied(what, cause)
                : new BucketException.Unavailable(what, cause);
    }

    private static BucketException ofReply(String what, S3Exception reply) {
        String code = code(reply);
        int status = reply.statusCode();
        if (code.equals("NoSuchUpload")) {
            return new BucketException.NoSuchUpload(what, reply);
        }
        if (code.equals("RequestTimeout") || code.equals("ConditionalRequestConflict")) {
            return new BucketException.Unavailable(what, reply);
        }
        if (code.equals("SlowDown")) {
            return new BucketException.Throttled(what, reply);
        }
        if (OF_CREDENTIALS.contains(code)) {
            return new BucketException.AccessDenied(what, reply);
        }
        return switch (status) {
            case 401, 403 -> new BucketException.AccessDenied(what, reply);
            case 404 -> new BucketException.NotFound(what, reply);
            case 412 -> new BucketException.PreconditionFailed(what, reply);
            case 501 -> new BucketException.Unsupported(what, reply);
            case 408 -> new BucketException.Unavailable(what, reply);
            case 429 -> new BucketException.Throttled(what, reply);
            default ->
                status >= 500 ? new BucketException.Throttled(what, reply) : new BucketException.Refused(what, reply);
        };
    }

    private static String code(S3Exception reply) {
        String code =
                reply.awsErrorDetails() == null ? null : reply.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    private static String words(S3Exception reply) {
        String code = code(reply);
        String skew = code.equals("RequestTimeTooSkewed") ? " (this machine's clock is off)" : "";
        String message =
                reply.awsErrorDetails() == null ? null : reply.awsErrorDetails().errorMessage();
        return "status %d %s %s%s"
                .formatted(reply.statusCode(), code, message == null ? "" : message, skew)
                .strip();
    }
}
