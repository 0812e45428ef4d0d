package io.edgeship.queue.link;

/// What a request takes: so much time for each, however small it is, and so much for each byte. A line of least squares
/// through what was seen, in which the past fades. Not thread-safe.
final class RequestTimes {
    /// What is left of an observation's weight after one more.
    private static final double FADING = 0.9;

    /// Sizes that differ less than so, as a part of their mean, tell nothing of the time that each request takes.
    private static final double SPREAD_MIN = 0.05;

    private double weight;
    private double bytes;
    private double seconds;
    private double bytesSquared;
    private double bytesBySeconds;
    private double fixedSeconds;
    private double bytesPerSecond;

    void add(double requestBytes, double requestSeconds) {
        weight = weight * FADING + 1;
        bytes = bytes * FADING + requestBytes;
        seconds = seconds * FADING + requestSeconds;
        bytesSquared = bytesSquared * FADING + requestBytes * requestBytes;
        bytesBySeconds = bytesBySeconds * FADING + requestBytes * requestSeconds;
        if (tellsApart()) {
            double secondsPerByte = (bytesBySeconds / weight - bytes / weight * (seconds / weight)) / variance();
            fixedSeconds = Math.max(0, (seconds - Math.max(0, secondsPerByte) * bytes) / weight);
        }
        fixedSeconds = Math.min(fixedSeconds, requestSeconds);
        learnSpeed(requestBytes / Math.max(requestSeconds - fixedSeconds, requestSeconds / 10 + 1e-6));
    }

    private double variance() {
        return bytesSquared / weight - bytes / weight * (bytes / weight);
    }

    /// Whether sizes differ enough to tell the time of a request from that of its bytes.
    boolean tellsApart() {
        return weight > 0 && Math.sqrt(Math.max(0, variance())) > SPREAD_MIN * bytes / weight;
    }

    /// A link that slowed down is believed at once, one that sped up by and by.
    private void learnSpeed(double speed) {
        bytesPerSecond = bytesPerSecond == 0 || speed < bytesPerSecond / 2 ? speed : (bytesPerSecond + speed) / 2;
    }

    /// What a request takes beside its bytes; 0 while it is not known.
    double fixedSeconds() {
        return fixedSeconds;
    }

    /// 0 before the first request.
    double bytesPerSecond() {
        return bytesPerSecond;
    }
}
