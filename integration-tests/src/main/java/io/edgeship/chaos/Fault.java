package io.edgeship.chaos;

import java.time.Duration;

/// One thing that goes wrong on the way.
public sealed interface Fault {
    /// Befalls bytes, whatever they say: TLS too.
    sealed interface OfTheLink extends Fault {}

    /// Befalls requests: the proxy must be able to read them, so only plain HTTP/1.1 with `Content-Length`.
    sealed interface OfRequests extends Fault {
        Which which();
    }

    /// All connections are reset at once, again and again: after numbers of bytes, client to server and heads too, that
    /// are exponentially distributed.
    ///
    /// @param meanBytes at least 1
    record Cuts(long meanBytes) implements OfTheLink {
        public Cuts {
            require(meanBytes >= 1, "mean of %d bytes", meanBytes);
        }
    }

    /// All connections together get so much, in each direction.
    ///
    /// @param bytesPerSecond at least 1
    record Throttle(long bytesPerSecond) implements OfTheLink {
        public Throttle {
            require(bytesPerSecond >= 1, "%d bytes a second", bytesPerSecond);
        }
    }

    /// The time that one way and back takes: for connecting, and for each answer.
    record RoundTrip(Duration time) implements OfTheLink {
        public RoundTrip {
            require(!time.isNegative(), "round trip of %s", time);
        }
    }

    /// The link is up for a while, then down for a while, and so on.
    ///
    /// @param how what a client sees while it is down
    record Schedule(Duration up, Duration down, Outage how) implements OfTheLink {
        public Schedule {
            require(up.isPositive() && down.isPositive(), "up for %s", up);
        }
    }

    /// The proxy answers, and the server never hears of the request.
    ///
    /// @param status 400 to 599
    /// @param code   S3's, such as `SlowDown`
    record Answer(Which which, int status, String code) implements OfRequests {
        public Answer {
            require(status >= 400 && status <= 599, "status %d", status);
        }

        /// What a store says that has too much to do.
        public static Answer slowDown(Which which) {
            return new Answer(which, 503, "SlowDown");
        }

        /// What a store says that does not know what went wrong.
        public static Answer internalError(Which which) {
            return new Answer(which, 500, "InternalError");
        }
    }

    /// The reply breaks off somewhere in its first kilobytes.
    record TruncatedReply(Which which) implements OfRequests {}

    /// The request has its effect, and the client does not hear of it.
    record DroppedReply(Which which) implements OfRequests {}

    /// The request goes through, and a copy of it arrives again after some of the next ones.
    ///
    /// @param laterMax after how many requests at most
    record Duplicate(Which which, int laterMax) implements OfRequests {
        public Duplicate {
            require(laterMax >= 1, "%d requests later", laterMax);
        }
    }

    /// The connection is reset, and the request arrives after some of the next ones all the same.
    ///
    /// @param laterMax after how many requests at most
    record Late(Which which, int laterMax) implements OfRequests {
        public Late {
            require(laterMax >= 1, "%d requests later", laterMax);
        }
    }

    private static void require(boolean holds, String message, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(value));
        }
    }
}
