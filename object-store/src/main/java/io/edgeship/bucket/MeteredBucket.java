package io.edgeship.bucket;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// Counts the calls of a bucket under the names that Thanos gives its own
/// (`docs/reference/objstore.md`), so that its dashboards and alerts work. Thread-safe.
public final class MeteredBucket extends ForwardingBucket {
    private static final String PREFIX = "thanos.objstore.bucket.";

    /// Where Edgeship's own messages lie: they are no uploads of data.
    private static final String BOOKKEEPING = "edgeship/";

    /// Thanos' own buckets, in milliseconds.
    private static final Duration[] DURATIONS = LongStream.of(
                    1, 10, 100, 300, 600, 1000, 3000, 6000, 9000, 20_000, 30_000, 60_000, 90_000, 120_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final String bucketName;
    private final Map<Operation, Meters> meters = new EnumMap<>(Operation.class);
    private final AtomicLong lastUploadMillis = new AtomicLong();
    private final AtomicBoolean uploaded = new AtomicBoolean();

    /// Thanos' words for what is done.
    private enum Operation {
        ITER,
        GET,
        GET_RANGE,
        UPLOAD,
        DELETE,
        ATTRIBUTES;

        static Operation of(String method) {
            return switch (method) {
                case "list", "listParts", "listUploads" -> ITER;
                case "get" -> GET;
                case "getRange" -> GET_RANGE;
                case "delete", "deleteAll", "abortUpload" -> DELETE;
                case "head", "confirm" -> ATTRIBUTES;
                default -> UPLOAD;
            };
        }
    }

    private record Meters(Counter calls, Counter failures, Timer duration, Counter fetched, DistributionSummary sent) {
        static Meters of(Operation operation, String bucket, MeterRegistry registry) {
            Tags tags = Tags.of("bucket", bucket, "operation", operation.name().toLowerCase(Locale.ROOT));
            return new Meters(
                    registry.counter(PREFIX + "operations", tags),
                    registry.counter(PREFIX + "operation.failures", tags),
                    Timer.builder(PREFIX + "operation.duration")
                            .tags(tags)
                            .serviceLevelObjectives(DURATIONS)
                            .register(registry),
                    registry.counter(PREFIX + "operation.fetched.bytes", tags),
                    DistributionSummary.builder(PREFIX + "operation.transferred")
                            .baseUnit("bytes")
                            .tags(tags)
                            .register(registry));
        }
    }

    /// @param bucketName what Thanos would give as label `bucket`
    public MeteredBucket(Bucket inner, String bucketName, MeterRegistry registry) {
        super(inner);
        this.registry = registry;
        this.bucketName = bucketName;
        for (Operation operation : Operation.values()) {
            meters.put(operation, Meters.of(operation, bucketName, registry));
        }
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        Meters of = of(Operation.of(call.method()));
        of.calls().increment();
        long start = System.nanoTime();
        try {
            return work.on(inner());
        } catch (BucketException.NotFound | BucketException.PreconditionFailed e) {
            throw e; // answers, not failures
        } catch (BucketException e) {
            of.failures().increment();
            throw e;
        } finally {
            of.duration().record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private Meters of(Operation operation) {
        Meters found = meters.get(operation);
        if (found == null) {
            throw new IllegalStateException("no meters for " + operation);
        }
        return found;
    }

    @Override
    public InputStream get(String key) throws BucketException {
        return new Counting(super.get(key), of(Operation.GET).fetched());
    }

    @Override
    public InputStream get(String key, long offset, long length) throws BucketException {
        return new Counting(
                super.get(key, offset, length), of(Operation.GET_RANGE).fetched());
    }

    @Override
    public ObjectRange getRange(String key, long offset, long length) throws BucketException {
        ObjectRange range = super.getRange(key, offset, length);
        return new ObjectRange(range.object(), new Counting(range.bytes(), of(Operation.GET_RANGE).fetched()));
    }

    @Override
    public ObjectInfo put(String key, Body body) throws BucketException {
        return sent(key, super.put(key, body), body);
    }

    @Override
    public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
        return sent(key, super.putIfAbsent(key, body), body);
    }

    @Override
    public ObjectInfo putIfMatches(String key, Body body, String eTag) throws BucketException {
        return sent(key, super.putIfMatches(key, body, eTag), body);
    }

    @Override
    public UploadedPart uploadPart(String key, String uploadId, int partNumber, Body body) throws BucketException {
        return sent(key, super.uploadPart(key, uploadId, partNumber, body), body);
    }

    private <T> T sent(String key, T stored, Body body) {
        of(Operation.UPLOAD).sent().record((double) body.sizeBytes());
        if (key.startsWith(BOOKKEEPING)) {
            return stored; // else heartbeats would hide that no block has gone for days
        }
        lastUploadMillis.set(clock().now().orElseGet(Instant::now).toEpochMilli());
        if (!uploaded.getAndSet(true)) { // absent before that, for 0 would read as 1970
            Gauge.builder(PREFIX + "last.successful.upload.time", lastUploadMillis, millis -> millis.get() / 1000.0)
                    .tag("bucket", bucketName)
                    .register(registry);
        }
        return stored;
    }

    private static final class Counting extends FilterInputStream {
        private final Counter fetched;

        Counting(InputStream in, Counter fetched) {
            super(in);
            this.fetched = fetched;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            fetched.increment(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            fetched.increment(Math.max(read, 0));
            return read;
        }
    }
}
