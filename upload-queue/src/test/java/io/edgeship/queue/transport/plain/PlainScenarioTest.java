package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks of random files go over links where anything may happen between two requests: lost requests and replies, lost
/// parts, uploads and objects, clocks that jump, credentials of every kind, processes that end.
class PlainScenarioTest {
    private static final int ROUNDS = 40;
    private static final int ATTEMPTS_MAX = 300;
    private static final long SEED = 20261125;
    private static final Duration MAX_AGE = Duration.ofHours(20);
    private static final String ID = Blocks.A.toString();
    private static final String META = ID + "/meta.json";

    @TempDir
    Path dir;

    @Test
    void endsWithTheVeryBytesAndMetaJsonLastWhateverHappensOnTheWay() throws IOException {
        int completedAlone = 0;
        int requests = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Scenario scenario = new Scenario(SEED + round);
            scenario.live();
            completedAlone += scenario.completedAlone;
            requests += scenario.requests;
        }
        assertThat(completedAlone).as("files completed because of their age").isPositive();
        assertThat(requests).isGreaterThan(20 * ROUNDS);
    }

    private record Begun(String key, Instant at) {}

    private final class Scenario {
        final Random random;
        final String seed;
        final MemoryBucket bucket = new MemoryBucket();
        final Map<String, byte[]> expected = new TreeMap<>();
        final Map<String, Begun> begun = new HashMap<>();
        final Set<String> compared = new HashSet<>();
        final boolean meddlers;
        final int minutesARequest;
        final Item item;
        int requests;
        int completedAlone;

        /// Trouble comes while this is above zero: in the end even the worst link is up for a while.
        int troubles = 25;

        Scenario(long seed) throws IOException {
            random = new Random(seed);
            this.seed = "seed " + seed;
            item = write(dir.resolve("seed-" + seed));
            meddlers = random.nextBoolean();
            minutesARequest = 1 + random.nextInt(300);
            bucket.mayListBucket = random.nextBoolean();
            bucket.mayListParts = random.nextInt(4) > 0;
            bucket.mayGetObject = random.nextInt(4) > 0;
            bucket.eTagsAreDigests = !bucket.mayGetObject || random.nextInt(4) > 0;
            List<Capabilities.Support> all = List.of(Capabilities.Support.values());
            Capabilities.Support some = all.get(random.nextInt(all.size()));
            bucket.capabilities = new Capabilities(some, some, some);
        }

        private Item write(Path block) throws IOException {
            Files.createDirectories(block.resolve("chunks"));
            List<BlockFile> files = new ArrayList<>();
            List<String> segments = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            for (int segment = 1; segment <= count; segment++) {
                segments.add("%06d".formatted(segment));
                files.add(write(block, "chunks/%06d".formatted(segment)));
            }
            files.add(write(block, "index"));
            files.add(new BlockFile("meta.json", 0, null));
            ThanosMeta thanos = ThanosMeta.of(Map.of("site", "shop"), "sidecar", segments, files);
            var meta = Blocks.meta(Blocks.A).withThanos(thanos);
            Files.write(block.resolve("meta.json"), meta.toJson());
            long size =
                    expected.values().stream().mapToLong(bytes -> bytes.length).sum();
            return new Item(Blocks.A, meta.range(), block, "", Instant.EPOCH, size, 0);
        }

        private BlockFile write(Path block, String name) throws IOException {
            byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 2000 : 100)];
            random.nextBytes(bytes);
            Files.write(block.resolve(name), bytes);
            expected.put(ID + "/" + name, bytes);
            return new BlockFile(name, bytes.length, null);
        }

        void live() throws IOException {
            PlainTransport transport = start();
            for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                if (random.nextInt(3) == 0) {
                    transport = start();
                }
                compared.clear();
                try {
                    Outcome outcome = transport.ship(item);
                    assertThat(outcome).as(seed).isNotInstanceOf(Outcome.Quarantine.class);
                    requireWhole();
                    return;
                } catch (BucketException.AccessDenied _) {
                    // ours is there, its reply was lost and it may not be read; or it was deleted and may not be missed
                    assertThat(bucket.mayGetObject && bucket.mayListBucket)
                            .as(seed)
                            .isFalse();
                    bucket.mayGetObject = true;
                    troubles--;
                } catch (BucketException _) {
                    troubles--;
                }
            }
            throw new AssertionError(seed + ": not there after " + ATTEMPTS_MAX + " attempts");
        }

        /// A process begins: it knows nothing but the disk, and may think otherwise of the size of parts.
        private PlainTransport start() {
            long min = 20L + random.nextInt(200);
            PieceSizing sizing = new PieceSizing(min, min + random.nextInt(400), () -> requests * 50L);
            Bucket link = (Bucket) Proxy.newProxyInstance(
                    Bucket.class.getClassLoader(),
                    new Class<?>[] {Bucket.class},
                    (_, method, arguments) -> arguments == null
                            ? method.invoke(bucket) // clock, capabilities: no request
                            : request(method, arguments));
            PlainConfig config = new PlainConfig(64 << 20, MAX_AGE);
            return new PlainTransport(link, config, sizing, () -> requests * 50L, UploadProgress.NONE);
        }

        private Object request(Method method, Object[] arguments) throws Throwable {
            requests++;
            String name = method.getName();
            String key = String.valueOf(arguments[0]);
            boolean trouble = troubles > 0 && random.nextInt(8) == 0;
            boolean tookEffect = random.nextBoolean();
            if (meddlers && troubles > 0 && random.nextInt(15) == 0) {
                meddle(name.equals("confirm") ? key : "");
            }
            if (trouble && !tookEffect) {
                throw trouble(random.nextInt(5));
            }
            requireRightMoment(name, key, arguments);
            bucket.now = bucket.now.plus(Duration.ofMinutes(random.nextInt(minutesARequest)));
            Object reply;
            try {
                reply = method.invoke(bucket, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (name.equals("createUpload")) {
                begun.put(String.valueOf(reply), new Begun(key, bucket.now));
            }
            if (trouble) {
                throw trouble(0);
            }
            return reply;
        }

        private BucketException trouble(int kind) {
            return switch (kind) {
                case 1 -> new BucketException.Throttled("SlowDown", null);
                case 2 -> new BucketException.HeldBack("the window is closed");
                default -> new BucketException.Unavailable("cut", null);
            };
        }

        /// What others do behind our back.
        ///
        /// @param confirming the object that is about to be compared: once the block is committed no other
        ///     one may change, for nobody would notice
        private void meddle(String confirming) {
            List<String> uploads = List.copyOf(bucket.uploads.keySet());
            List<String> objects = bucket.objects.keySet().stream()
                    .filter(key -> bucket.objects.containsKey(META) ? key.equals(confirming) : bucket.mayGetObject)
                    .filter(key -> !key.equals(META) && bucket.mayGetObject)
                    .toList();
            int what = random.nextInt(5);
            if (what == 0 && !uploads.isEmpty()) {
                bucket.uploads.remove(oneOf(uploads));
            } else if (what == 1 && !uploads.isEmpty()) {
                Objects.requireNonNull(bucket.uploads.get(oneOf(uploads)))
                        .keySet()
                        .removeIf(_ -> random.nextInt(3) == 0);
            } else if (what == 2 && !objects.isEmpty()) {
                bucket.objects.remove(oneOf(objects));
            } else if (what == 3 && !objects.isEmpty() && bucket.eTagsAreDigests) {
                bucket.objects.computeIfPresent(oneOf(objects), (_, whole) -> {
                    byte[] changed = whole.clone();
                    changed[random.nextInt(changed.length)] ^= 1;
                    return changed;
                });
            } else if (what == 4) {
                bucket.now = bucket.now.plus(Duration.ofHours(random.nextInt(60) - 20));
            }
        }

        private String oneOf(List<String> names) {
            return names.get(random.nextInt(names.size()));
        }

        /// I1, and that nothing is shown half: `meta.json` comes when every object was compared, and an upload is
        /// completed once all files are in the bucket, in parts or whole, unless it is too old to wait.
        private void requireRightMoment(String method, String key, Object[] arguments) {
            if (method.equals("confirm")) {
                compared.add(key);
            } else if (method.equals("put") || method.equals("completeUpload")) {
                compared.remove(key);
            }
            if (key.equals(META) && method.startsWith("put")) {
                assertThat(compared).as(seed).containsAll(expected.keySet());
            }
            if (method.equals("completeUpload") && !meddlers && !allIsThere()) {
                Instant since = Objects.requireNonNull(begun.get(String.valueOf(arguments[1])))
                        .at();
                assertThat(Duration.between(since, bucket.now)).as(seed).isGreaterThan(MAX_AGE);
                completedAlone++;
            }
        }

        private boolean allIsThere() {
            return expected.entrySet().stream()
                    .allMatch(file -> bucket.objects.containsKey(file.getKey())
                            || bucket.uploads.entrySet().stream()
                                    .anyMatch(upload -> isOf(upload.getKey(), file.getKey())
                                            && sizeOf(upload.getValue()) == file.getValue().length));
        }

        private boolean isOf(String uploadId, String key) {
            Begun found = begun.get(uploadId);
            return found != null && found.key().equals(key);
        }

        private static int sizeOf(Map<Integer, byte[]> parts) {
            return parts.values().stream().mapToInt(part -> part.length).sum();
        }

        private void requireWhole() {
            assertThat(bucket.objects.keySet())
                    .as(seed)
                    .containsAll(expected.keySet())
                    .contains(META);
            expected.forEach((key, bytes) ->
                    assertThat(bucket.objects.get(key)).as(seed + ": " + key).isEqualTo(bytes));
        }
    }
}
