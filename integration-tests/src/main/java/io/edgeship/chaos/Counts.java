package io.edgeship.chaos;

import java.util.Locale;

/// What happened on a proxy's link so far.
///
/// @param sentBytes     client to server, heads too: what the proxy took in
/// @param receivedBytes server to client: what the proxy gave out
/// @param connections   that clients made
/// @param cuts          of the whole link
/// @param requests      that were read; 0 without faults of requests
/// @param faulty        of these, how many suffered a fault
/// @param late          requests that arrived again, or later than they were sent
public record Counts(
        long sentBytes, long receivedBytes, long connections, long cuts, long requests, long faulty, long late) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "sent_bytes=%d received_bytes=%d connections=%d cuts=%d requests=%d faulty=%d late=%d",
                sentBytes,
                receivedBytes,
                connections,
                cuts,
                requests,
                faulty,
                late);
    }
}
