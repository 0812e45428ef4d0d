package io.edgeship.it;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.queue.link.LinkConfig;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A bucket behind a slow link in simulated time: each request asks, waits and counts as the S3 client's do on a
/// watched link. Until the link is up no request gets out. Used by one thread.
final class SimulatedLink extends ForwardingBucket {
    private static final int STEP_BYTES = 64 << 10;
    private static final int HEAD_BYTES = 700;
    private static final int REPLY_BYTES = 300;
    private static final Duration ROUND_TRIP = Duration.ofMillis(80);

    private final Line line;
    private final LinkConfig config;
    private final Link watcher;
    private final StoreClock clock;
    private long bodyBytes;

    /// What outlives an agent: the line, and what was seen on it.
    ///
    /// @param bytesPerSecond that it carries, on the wire
    /// @param seen           every request that got out
    record Line(SimulatedTime time, Instant upFrom, long bytesPerSecond, List<Request> seen) {
        Line(SimulatedTime time, Instant upFrom, long bytesPerSecond) {
            this(time, upFrom, bytesPerSecond, new ArrayList<>());
        }

        private void carry(long wireBytes) {
            time.sleep(wireBytes * 1_000_000_000L / bytesPerSecond);
        }
    }

    /// @param timeKnown whether the store had told the time before it
    /// @param wireBytes of request and reply, with what the layers below add
    record Request(String method, String key, Instant began, long bodyBytes, boolean timeKnown, long wireBytes) {}

    /// @param clock of this agent: knows the time after the first reply
    SimulatedLink(Bucket store, Line line, LinkConfig config, Link watcher, StoreClock clock) {
        super(store);
        this.line = line;
        this.config = config;
        this.watcher = watcher;
        this.clock = clock;
    }

    @Override
    public StoreClock clock() {
        return clock;
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        bodyBytes = body.sizeBytes();
        return super.put(key, body);
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        bodyBytes = body.sizeBytes();
        return super.uploadPart(key, uploadId, partNumber, body);
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        long body = bodyBytes;
        bodyBytes = 0;
        watcher.admit(body);
        Instant began = line.time().instant();
        if (began.isBefore(line.upFrom())) {
            throw new BucketException.Unavailable(call + ": no route to host", null);
        }
        long wire = config.onWire(HEAD_BYTES) + config.onWire(body) + config.onWire(REPLY_BYTES);
        boolean timeKnown = clock.now().isPresent();
        line.seen().add(new Request(call.method(), call.key(), began, body, timeKnown, wire));
        send(call, body);
        try {
            return work.on(inner());
        } finally {
            line.time().pass(ROUND_TRIP);
            clock.saw(line.time().instant());
            watcher.received(REPLY_BYTES);
        }
    }

    private void send(Call call, long body) throws BucketException.Unavailable {
        line.carry(config.onWire(HEAD_BYTES));
        watcher.sent(HEAD_BYTES);
        for (long left = body; left > 0; left -= STEP_BYTES) {
            int bytes = (int) Math.min(STEP_BYTES, left);
            try {
                watcher.pace(bytes);
            } catch (InterruptedIOException e) {
                throw new BucketException.Unavailable(call + ": interrupted", e);
            }
            line.carry(config.onWire(bytes));
            watcher.sent(bytes);
        }
    }
}
