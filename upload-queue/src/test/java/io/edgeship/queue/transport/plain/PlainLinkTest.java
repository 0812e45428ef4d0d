package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a link costs that is cut after a number of bytes that nobody knows beforehand.
class PlainLinkTest {
    private static final long MIB = 1 << 20;
    private static final long SEED = 20261125;

    @TempDir
    Path dir;

    @Test
    void sendsLittleTwiceOverALinkThatIsCutNowAndThen() throws IOException {
        Item item = sparse(List.of(100, 100, 28), 12);

        assertThat(sentPerByte(item, 64 * MIB)).as("seed %d: mean 64 MiB", SEED).isBetween(1.0, 1.10);
    }

    /// Parts of 5 MiB make 1.39 the bound.
    @Test
    void sendsLittleTwiceOverALinkThatIsCutAllTheTime() throws IOException {
        Item item = sparse(List.of(100, 100, 28), 12);

        assertThat(sentPerByte(item, 8 * MIB)).as("seed %d: mean 8 MiB", SEED).isBetween(1.1, 1.45);
    }

    @Test
    void saysWhyItCannotFinishOnALinkThatCarriesNoPartUntilOneGetsThrough() throws IOException {
        Item item = sparse(List.of(11), 1);
        CutLink link = new CutLink(new Random(SEED), 256 << 10);
        PlainTransport transport = link.transport();
        while (link.partsCut < LossWatch.LOST_MAX) {
            assertThat(transport.cannotFinish())
                    .as("after %d parts", link.partsCut)
                    .isEmpty();
            shipUntilCut(transport, item);
        }
        assertThat(transport.cannotFinish().orElseThrow())
                .contains("5 MiB", "8 tries", "transport: inbox")
                .containsPattern("got [1-9]\\d* KiB");

        link.meanBytes = 1L << 50;
        link.leftBytes = 1L << 50;
        assertThat(transport.ship(item)).isInstanceOf(Outcome.Shipped.class);
        assertThat(transport.cannotFinish()).isEmpty();
    }

    private static void shipUntilCut(PlainTransport transport, Item item) throws IOException {
        try {
            assertThat(transport.ship(item)).as("not cut").isNull();
        } catch (BucketException.Unavailable _) {
            // what is acknowledged is kept
        }
    }

    private double sentPerByte(Item item, long meanBytes) throws IOException {
        CutLink link = new CutLink(new Random(SEED), meanBytes);
        PlainTransport transport = link.transport();
        for (int cut = 0; cut < 1000; cut++) {
            try {
                assertThat(transport.ship(item)).isInstanceOf(Outcome.Shipped.class);
                return (double) link.sentBytes / (double) item.sizeBytes();
            } catch (BucketException.Unavailable _) {
                // the next attempt
            }
        }
        throw new AssertionError("seed " + SEED + ": not there after 1000 cuts");
    }

    /// A block whose files have a length and no content.
    private Item sparse(List<Integer> segmentMib, int indexMib) throws IOException {
        Files.createDirectories(dir.resolve("chunks"));
        List<BlockFile> files = new ArrayList<>();
        List<String> segments = new ArrayList<>();
        for (int mib : segmentMib) {
            segments.add("%06d".formatted(segments.size() + 1));
            files.add(sparse("chunks/" + segments.getLast(), mib * MIB));
        }
        files.add(sparse("index", indexMib * MIB));
        long size = files.stream().mapToLong(BlockFile::sizeBytes).sum();
        files.add(new BlockFile("meta.json", 0, null));
        var meta = Blocks.meta(Blocks.A).withThanos(ThanosMeta.of(Map.of("site", "shop"), "sidecar", segments, files));
        Files.write(dir.resolve("meta.json"), meta.toJson());
        return new Item(Blocks.A, meta.range(), dir, "", Instant.EPOCH, size, 0);
    }

    private BlockFile sparse(String name, long sizeBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(dir.resolve(name).toFile(), "rw")) {
            file.setLength(sizeBytes);
        }
        return new BlockFile(name, sizeBytes, null);
    }

    /// A store that keeps the lengths of what it gets, behind a link that is cut after exponentially distributed
    /// numbers of bytes.
    private static final class CutLink {
        private static final int REQUEST_BYTES = 1200;

        private final Random random;
        private final StoreClock clock = new StoreClock(InstantSource.fixed(MemoryBucket.NOW), () -> 0);
        private final Map<String, TreeMap<Integer, UploadedPart>> uploads = new HashMap<>();
        private final Map<String, Long> objects = new HashMap<>();
        long meanBytes;
        long leftBytes;
        long sentBytes;
        int partsCut;

        CutLink(Random random, long meanBytes) {
            this.random = random;
            this.meanBytes = meanBytes;
            leftBytes = untilCut();
            clock.saw(MemoryBucket.NOW);
        }

        PlainTransport transport() {
            Bucket bucket = (Bucket) Proxy.newProxyInstance(
                    Bucket.class.getClassLoader(),
                    new Class<?>[] {Bucket.class},
                    (_, method, arguments) -> answer(method.getName(), arguments));
            PlainConfig config = PlainConfig.DEFAULT;
            return new PlainTransport(
                    bucket, config, config.sizing(() -> sentBytes), () -> sentBytes, UploadProgress.NONE);
        }

        private Object answer(String method, Object[] arguments) throws BucketException {
            if (method.equals("clock")) {
                return clock;
            }
            if (method.equals("capabilities")) {
                return Capabilities.UNKNOWN;
            }
            String key = String.valueOf(arguments[0]);
            send(REQUEST_BYTES);
            return switch (method) {
                case "head" -> Optional.ofNullable(objects.get(key)).map(size -> object(key, size));
                case "createUpload" -> {
                    uploads.put("upload of " + key, new TreeMap<>());
                    yield "upload of " + key;
                }
                case "listParts" -> List.copyOf(upload(arguments[1]).values());
                case "uploadPart" -> {
                    long size = ((Body) arguments[3]).sizeBytes();
                    partsCut += size > leftBytes ? 1 : 0;
                    send(size);
                    UploadedPart part = new UploadedPart((int) arguments[2], size, "etag " + arguments[2]);
                    upload(arguments[1]).put(part.partNumber(), part);
                    yield part;
                }
                case "put" -> {
                    long size = ((Body) arguments[1]).sizeBytes();
                    send(size);
                    objects.put(key, size);
                    yield object(key, size);
                }
                case "completeUpload" -> {
                    long size = upload(arguments[1]).values().stream()
                            .mapToLong(UploadedPart::sizeBytes)
                            .sum();
                    objects.put(key, size);
                    yield object(key, size);
                }
                case "confirm" ->
                    objects.getOrDefault(key, -1L) == ((ObjectDigest) arguments[1]).sizeBytes()
                            ? Confirmation.MATCHES
                            : Confirmation.DIFFERS;
                default -> throw new UnsupportedOperationException(method);
            };
        }

        private void send(long bytes) throws BucketException.Unavailable {
            if (bytes > leftBytes) {
                sentBytes += leftBytes;
                leftBytes = untilCut();
                throw new BucketException.Unavailable("cut", null);
            }
            leftBytes -= bytes;
            sentBytes += bytes;
        }

        private long untilCut() {
            return (long) (-Math.log(1 - random.nextDouble()) * meanBytes);
        }

        private Map<Integer, UploadedPart> upload(Object id) {
            return uploads.getOrDefault(String.valueOf(id), new TreeMap<>());
        }

        private static ObjectInfo object(String key, long size) {
            return new ObjectInfo(key, size, "etag", MemoryBucket.NOW);
        }
    }
}
