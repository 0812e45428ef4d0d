package io.edgeship.ship;

import io.edgeship.bucket.BucketException;
import java.time.Duration;

/// What a failed request says of the next one: who has to act, and how soon asking again makes sense.
enum Trouble {
    /// No link, or one that was cut: asked again as soon as it is up, a minute at the latest.
    NETWORK(Duration.ofSeconds(1), Duration.ofMinutes(1)),
    /// The store answers, and does not want to.
    THROTTLED(Duration.ofSeconds(2), Duration.ofMinutes(5)),
    /// A person has to mend the credentials or their policy.
    AUTH(Duration.ofMinutes(1), Duration.ofMinutes(10)),
    /// The bucket is not there.
    NOT_FOUND(Duration.ofSeconds(10), Duration.ofMinutes(5)),
    /// The store calls our request wrong.
    OURS(Duration.ofSeconds(2), Duration.ofMinutes(5)),
    /// Nothing failed: no window is open, or the budget is used up.
    HELD_BACK(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final Duration first;
    private final Duration longest;

    Trouble(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /// What the first wait may be at most; it doubles with each failure.
    Duration first() {
        return first;
    }

    Duration longest() {
        return longest;
    }

    static Trouble of(BucketException failure) {
        return switch (failure) {
            case BucketException.Unavailable _ -> NETWORK;
            case BucketException.Throttled _ -> THROTTLED;
            case BucketException.AccessDenied _ -> AUTH;
            case BucketException.NotFound _ -> NOT_FOUND;
            case BucketException.HeldBack _ -> HELD_BACK;
            case BucketException.NoSuchUpload _,
                    BucketException.PreconditionFailed _,
                    BucketException.Unsupported _,
                    BucketException.Refused _,
                    BucketException.BodyUnreadable _ -> OURS;
        };
    }
}
