package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Looks at what the bucket holds, as far as the credentials allow. Without `ListBucket` S3 answers 403 for a key that
/// is missing, without `GetObject` for every key: which one it is, is known once a look has succeeded. Used by one
/// thread; [#restriction] may be called by any.
final class Looks {
    private final Bucket bucket;
    private volatile boolean succeeded;
    private boolean answered;
    private volatile boolean restricted;

    Looks(Bucket bucket) {
        this.bucket = bucket;
    }

    /// What a look found.
    sealed interface Look {
        record Present(ObjectInfo info) implements Look {}

        record Missing() implements Look {}

        /// The store does not say whether there is an object.
        record Denied(BucketException.AccessDenied why) implements Look {}
    }

    /// What [#confirm] found.
    sealed interface Check {
        record Compared(Confirmation found) implements Check {}

        /// Not to be seen, where other objects can be: it is missing, unless the permission was taken away.
        record Hidden(BucketException.AccessDenied why) implements Check {}

        /// No object can be seen: what the store replied when it was written has to do.
        record Denied(BucketException.AccessDenied why) implements Check {}

        /// Whether the object was seen to be as expected, at least in its size.
        default boolean isThere() {
            return switch (this) {
                case Compared(var found) -> found == Confirmation.MATCHES || found == Confirmation.SIZE_MATCHES;
                case Hidden _, Denied _ -> false;
            };
        }
    }

    Look at(String key) throws BucketException {
        try {
            Optional<ObjectInfo> found = ask(() -> bucket.head(key));
            if (found.isEmpty()) {
                return new Look.Missing();
            }
            seen();
            return new Look.Present(found.get());
        } catch (BucketException.AccessDenied e) {
            return succeeded ? new Look.Missing() : new Look.Denied(e);
        }
    }

    /// Compares an object that the store has acknowledged.
    Check confirm(String key, ObjectDigest expected) throws BucketException {
        try {
            Confirmation found = ask(() -> bucket.confirm(key, expected));
            if (found != Confirmation.MISSING) {
                seen();
            }
            return new Check.Compared(found);
        } catch (BucketException.AccessDenied e) {
            if (succeeded) {
                return new Check.Hidden(e);
            }
            restricted = true;
            return new Check.Denied(e);
        }
    }

    /// What is in a small object.
    byte[] read(String key, int bytesMax) throws BucketException {
        return ask(() -> {
            try (InputStream in = bucket.get(key)) {
                return in.readNBytes(bytesMax);
            } catch (BucketException e) {
                throw e;
            } catch (IOException e) {
                throw new BucketException.Unavailable("reading " + key + ": " + e.getMessage(), e);
            }
        });
    }

    /// Whatever a look asks, for it changes nothing and costs little.
    private interface Question<T> {
        T ask() throws BucketException;
    }

    /// A question whose answer is lost is put once more at once where the one before was answered: the link is bad
    /// then, not down. To give up would cost a wait, and all other looks once more.
    private <T> T ask(Question<T> question) throws BucketException {
        try {
            return answerTo(question);
        } catch (BucketException.Unavailable e) {
            if (!answered) {
                throw e;
            }
            answered = false;
            return answerTo(question);
        }
    }

    private <T> T answerTo(Question<T> question) throws BucketException {
        T answer = question.ask();
        answered = true;
        return answer;
    }

    private void seen() {
        succeeded = true;
        restricted = false;
    }

    /// What the credentials do not allow, for people.
    Optional<String> restriction() {
        return restricted
                ? Optional.of("the credentials may not read back: only checksummed replies confirm; grant GetObject")
                : Optional.empty();
    }

    /// Whether the ETag that the store replied shows that it holds what was sent.
    ///
    /// @throws BucketException.AccessDenied if the ETag is no digest: then only reading could tell
    static boolean proves(String replyETag, ObjectDigest sent, String key, BucketException.AccessDenied why)
            throws BucketException.AccessDenied {
        if (!replyETag.equals(PartDigests.eTag(sent))) {
            throw unreadable("confirming " + key + ": the store's reply is no checksum of what was sent", why);
        }
        return true;
    }

    static BucketException.AccessDenied unreadable(String what, BucketException.AccessDenied why) {
        return new BucketException.AccessDenied(what + ": grant GetObject (" + why.getMessage() + ")", why);
    }
}
