package io.edgeship.it;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A link on which requests fail before and after their effect, processes are killed amid them, and what an agent
/// puts arrives once more, long after.
final class MeddlingBucket extends ForwardingBucket {
    private static final int ONE_IN = 25;

    private final Random random;
    private final List<Map.Entry<String, byte[]>> late = new ArrayList<>();
    private boolean calm;

    /// The process that made the request ends there.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    MeddlingBucket(Bucket inner, Random random) {
        super(inner);
        this.random = random;
    }

    /// From now on nothing fails. What is late still arrives.
    void calmDown() {
        calm = true;
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        if (happens() && key.startsWith(BucketLayout.INBOX)) {
            late.add(Map.entry(key, bytes(body)));
        }
        return super.put(key, body);
    }

    /// A put of before arrives again, if one is left.
    void arriveLate() throws BucketException {
        if (!late.isEmpty()) {
            Map.Entry<String, byte[]> put = late.remove(random.nextInt(late.size()));
            inner().put(put.getKey(), Body.of(put.getValue()));
        }
    }

    boolean isAnythingLate() {
        return !late.isEmpty();
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        if (happens()) {
            throw failure(call);
        }
        T result = work.on(inner());
        if (happens()) {
            throw failure(call);
        }
        return result;
    }

    private BucketException failure(Call call) {
        if (random.nextInt(3) == 0) {
            throw new Killed();
        }
        return new BucketException.Unavailable(call + ": the link was cut", null);
    }

    private boolean happens() {
        return !calm && random.nextInt(ONE_IN) == 0;
    }

    private static byte[] bytes(Body body) throws BucketException {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new BucketException.BodyUnreadable("reading what is to arrive twice", e);
        }
    }
}
