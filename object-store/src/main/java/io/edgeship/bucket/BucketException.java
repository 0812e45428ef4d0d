package io.edgeship.bucket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request that the store did not carry out, after all retries. The subtype says who acts.
public abstract sealed class BucketException extends IOException {
    private static final long serialVersionUID = 1;

    private BucketException(String doing, @Nullable Throwable cause) {
        super(doing, cause);
    }

    /// The world was in the way: no connection, a cut one, a timeout. Try again as soon as the link is up.
    public static final class Unavailable extends BucketException {
        private static final long serialVersionUID = 1;

        public Unavailable(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// The store answers, and does not want to: `SlowDown`, 429, a 5xx. Try again, but not soon.
    public static final class Throttled extends BucketException {
        private static final long serialVersionUID = 1;

        public Throttled(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// Nothing was sent, for now is not the time: no window is open, or the budget is used up. The [Link] knows when
    /// it will be.
    public static final class HeldBack extends BucketException {
        private static final long serialVersionUID = 1;

        public HeldBack(String why) {
            super(why, null);
        }
    }

    /// Credentials are missing, wrong, expired, or lack a permission. Try again slowly and loudly.
    public static final class AccessDenied extends BucketException {
        private static final long serialVersionUID = 1;

        public AccessDenied(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// No object, or no bucket, of that name.
    public static final class NotFound extends BucketException {
        private static final long serialVersionUID = 1;

        public NotFound(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// The store no longer has that multipart upload: begin a new one.
    public static final class NoSuchUpload extends BucketException {
        private static final long serialVersionUID = 1;

        public NoSuchUpload(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// A conditional write found another object than it asked for.
    public static final class PreconditionFailed extends BucketException {
        private static final long serialVersionUID = 1;

        public PreconditionFailed(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// This store cannot do that at all.
    public static final class Unsupported extends BucketException {
        private static final long serialVersionUID = 1;

        public Unsupported(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// The store calls the request wrong (any other 4xx): our bug or a store's quirk, retrying will not help.
    public static final class Refused extends BucketException {
        private static final long serialVersionUID = 1;

        public Refused(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }

    /// The bytes to send could not be read, or were not as many as announced: the fault is on this side
    /// (a broken disk, a file that changed), and no other try will help.
    public static final class BodyUnreadable extends BucketException {
        private static final long serialVersionUID = 1;

        public BodyUnreadable(String doing, @Nullable Throwable cause) {
            super(doing, cause);
        }
    }
}
