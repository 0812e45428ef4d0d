package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTransportTest {
    private static final int PART = 5 << 10;
    private static final int PARTS = 3;
    private static final String ID = Blocks.A.toString();
    private static final String CHUNKS = ID + "/chunks/000001";
    private static final String INDEX = ID + "/index";
    private static final String META = ID + "/meta.json";

    @TempDir
    Path dir;

    private final MemoryBucket bucket = new MemoryBucket();
    private Spool spool;
    private Item item;
    private byte[] chunks;
    private byte[] index;

    @BeforeEach
    void sealABlockOfThreeParts() throws IOException {
        spool = Spool.open(dir.resolve("spool"));
        item = newItem();
        chunks = Files.readAllBytes(item.dir().resolve("chunks/000001"));
        index = Files.readAllBytes(item.dir().resolve("index"));
    }

    private Item newItem() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 2 * PART + 1_234);
        spool.take(Blocks.A, block);
        return spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    @Test
    void sendsTheFilesInOrderAndMetaJsonLastStampedByTheStoresClock() throws IOException {
        Requests requests = new Requests();
        Outcome outcome = ship(requests);

        requireWhole();
        assertThat(requests.changes())
                .containsExactly(
                        "createUpload " + CHUNKS,
                        "uploadPart " + CHUNKS + " 1",
                        "uploadPart " + CHUNKS + " 2",
                        "uploadPart " + CHUNKS + " 3",
                        "put " + INDEX,
                        "completeUpload " + CHUNKS,
                        "put " + META);
        int metaLength = object(META).length;
        assertThat(outcome).isEqualTo(new Outcome.Shipped(chunks.length + index.length + metaLength));
    }

    @Test
    void finishesAfterTheLinkBrokeBeforeOrAfterAnyRequest() throws IOException {
        Requests whole = new Requests();
        ship(whole);
        int requestCount = whole.made.size();
        assertThat(requestCount).isGreaterThan(10);
        for (int failing = 1; failing <= requestCount; failing++) {
            for (boolean tookEffect : new boolean[] {false, true}) {
                startOver();
                Requests requests = new Requests();
                requests.failFrom = failing;
                requests.tookEffect = tookEffect;
                String where = "request " + failing + (tookEffect ? " lost its reply" : " got lost");
                assertThatThrownBy(() -> ship(requests)).as(where).isInstanceOf(BucketException.Unavailable.class);
                requests.failFrom = 0;
                ship(requests);
                requireWhole();
                long partsSent = requests.made.stream()
                        .filter(made -> made.startsWith("uploadPart"))
                        .count();
                assertThat(partsSent).as(where).isLessThanOrEqualTo(PARTS + 1L);
                assertThat(bucket.uploads).as(where).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void sendsNoPartTwiceWhoseReplyGotLost() throws IOException {
        Requests requests = new Requests();
        requests.failAtText = "uploadPart " + CHUNKS + " 2";
        requests.tookEffect = true;
        assertThatThrownBy(() -> ship(requests)).isInstanceOf(BucketException.Unavailable.class);

        requests.failAtText = "";
        ship(requests);

        requireWhole();
        assertThat(requests.made.stream().filter(made -> made.startsWith("uploadPart")))
                .hasSize(PARTS)
                .doesNotHaveDuplicates();
    }

    @Test
    void beginsAgainWhenTheStoreDroppedTheUpload() throws IOException {
        stopBefore("uploadPart " + CHUNKS + " 3");
        bucket.uploads.clear();

        ship(new Requests());

        requireWhole();
    }

    @Test
    void sendsAgainThePartsThatTheStoreLostOrChanged() throws IOException {
        stopBefore("completeUpload " + CHUNKS);
        TreeMap<Integer, byte[]> parts = bucket.uploads.values().iterator().next();
        parts.remove(1);
        parts.put(2, new byte[PART]);

        Requests requests = new Requests();
        ship(requests);

        requireWhole();
        assertThat(requests.made).contains("uploadPart " + CHUNKS + " 1", "uploadPart " + CHUNKS + " 2");
        assertThat(requests.made).doesNotContain("uploadPart " + CHUNKS + " 3");
    }

    @Test
    void doesNotReuseAPartWhoseLocalBytesAreOthersNow() throws IOException {
        stopBefore("completeUpload " + CHUNKS);
        Path file = item.dir().resolve("chunks/000001");
        chunks[PART + 7] ^= 1;
        Files.write(file, chunks);

        Requests requests = new Requests();
        ship(requests);

        requireWhole();
        assertThat(requests.made.stream().filter(made -> made.startsWith("uploadPart")))
                .containsExactly("uploadPart " + CHUNKS + " 2");
    }

    @Test
    void goesOnWithAnUploadThatWasBegunUnderAnotherPartSize() throws IOException {
        stopBefore("uploadPart " + CHUNKS + " 2");

        Requests requests = new Requests();
        transport(requests.to(bucket), 64 << 20, UploadProgress.NONE).ship(item);

        requireWhole();
        assertThat(requests.made).doesNotContain("uploadPart " + CHUNKS + " 1");
    }

    @Test
    void replacesAStrangersFileThatIsInTheWay() throws IOException {
        bucket.objects.put(CHUNKS, "stranger".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        bucket.objects.put(INDEX, new byte[index.length]);

        ship(new Requests());

        requireWhole();
    }

    @Test
    void sendsAgainWhatDisappearedOrChangedBeforeMetaJson() throws IOException {
        stopBefore("put " + META);
        bucket.objects.remove(CHUNKS);
        bucket.objects.put(INDEX, new byte[index.length]);

        ship(new Requests());

        requireWhole();
    }

    @Test
    void givesUpForNowOnAStoreThatChangesWhatItIsSent() {
        Requests requests = new Requests();
        requests.afterEach = () -> bucket.objects.computeIfPresent(INDEX, (_, _) -> new byte[1]);

        assertThatThrownBy(() -> ship(requests))
                .isInstanceOf(BucketException.Unavailable.class)
                .hasMessageContaining(ID);
        assertThat(bucket.objects).doesNotContainKey(META);
    }

    @Test
    void sendsNothingWhereTheSameBlockIsAlready() throws IOException {
        ship(new Requests());
        startOverKeepingTheBucket();

        Requests requests = new Requests();
        assertThat(ship(requests)).isEqualTo(new Outcome.AlreadyThere(0));
        assertThat(requests.changes()).isEmpty();
    }

    @Test
    void sendsTheFilesThatACommittedBlockLacks() throws IOException {
        ship(new Requests());
        startOverKeepingTheBucket();
        bucket.objects.remove(CHUNKS);
        bucket.objects.put(INDEX, new byte[index.length]);
        byte[] meta = bucket.objects.get(META);

        assertThat(ship(new Requests())).isEqualTo(new Outcome.AlreadyThere(chunks.length + index.length));

        requireWhole();
        assertThat(bucket.objects.get(META)).isEqualTo(meta);
    }

    @Test
    void neverTouchesAnotherBlockOfTheSameUlid() throws IOException {
        BlockMeta meta = item.meta();
        ThanosMeta thanos = Objects.requireNonNull(meta.thanos());
        List<BlockMeta> others = List.of(
                meta.withThanos(ThanosMeta.of(Map.of("site", "other"), "", thanos.segmentFiles(), thanos.files())),
                meta.withThanos(ThanosMeta.of(
                        thanos.labels(),
                        "",
                        thanos.segmentFiles(),
                        thanos.files().subList(0, 1))),
                Blocks.meta(Blocks.A));
        for (BlockMeta other : others) {
            bucket.objects.put(META, other.toJson());
            assertThat(ship(new Requests())).isInstanceOf(Outcome.Quarantine.class);
            assertThat(bucket.objects).containsOnlyKeys(META);
            assertThat(bucket.objects.get(META)).isEqualTo(other.toJson());
        }
    }

    @Test
    void neverTouchesAMetaJsonThatItCannotRead() throws IOException {
        bucket.objects.put(META, new byte[] {'{'});

        assertThat(ship(new Requests())).isInstanceOf(Outcome.Quarantine.class);
        assertThat(bucket.objects.get(META)).containsExactly('{');
    }

    @Test
    void letsAnotherBlockThatWasFasterStandWithAndWithoutConditionalWrites() throws IOException {
        byte[] stranger = Blocks.meta(Blocks.A).toJson();
        for (Capabilities.Support support : Capabilities.Support.values()) {
            startOver();
            bucket.capabilities = new Capabilities(support, support, support);
            Requests requests = new Requests();
            requests.afterEach = () -> {
                if (bucket.objects.containsKey(INDEX)) {
                    bucket.objects.putIfAbsent(META, stranger);
                }
            };
            assertThat(ship(requests)).as("%s", support).isInstanceOf(Outcome.Quarantine.class);
            assertThat(bucket.objects.get(META)).as("%s", support).isEqualTo(stranger);
        }
    }

    @Test
    void startsAfreshWithADamagedLedger() throws IOException {
        stopBefore("completeUpload " + CHUNKS);
        Files.write(item.dir().resolve(PartLedger.FILE_NAME), new byte[1 << 18]);

        ship(new Requests());

        requireWhole();
    }

    @Test
    void tellsHowFarItIsAcrossAttempts() throws IOException {
        stopBefore("uploadPart " + CHUNKS + " 3");
        List<Long> confirmed = new ArrayList<>();
        transport(bucket, PART, (_, bytes, _) -> confirmed.add(bytes)).ship(item);

        assertThat(confirmed).isSorted().endsWith((long) chunks.length + index.length);
        assertThat(confirmed.getFirst()).isGreaterThanOrEqualTo(2L * PART);
    }

    private void stopBefore(String request) {
        Requests requests = new Requests();
        requests.failAtText = request;
        assertThatThrownBy(() -> ship(requests)).isInstanceOf(BucketException.Unavailable.class);
    }

    private Outcome ship(Requests requests) throws IOException {
        return transport(requests.to(bucket), PART, UploadProgress.NONE).ship(item);
    }

    private static PlainTransport transport(Bucket bucket, long partBytes, UploadProgress progress) {
        PieceSizing sizing = new PieceSizing(partBytes, partBytes, () -> 0);
        return new PlainTransport(bucket, PlainConfig.DEFAULT, sizing, () -> 0, progress);
    }

    private void startOver() throws IOException {
        bucket.objects.clear();
        bucket.uploads.clear();
        startOverKeepingTheBucket();
    }

    private void startOverKeepingTheBucket() throws IOException {
        Files.deleteIfExists(item.dir().resolve(PartLedger.FILE_NAME));
    }

    private byte[] object(String key) {
        return Objects.requireNonNull(bucket.objects.get(key), key);
    }

    private void requireWhole() throws IOException {
        assertThat(bucket.objects).containsOnlyKeys(CHUNKS, INDEX, META);
        assertThat(Arrays.equals(bucket.objects.get(CHUNKS), chunks)).isTrue();
        assertThat(bucket.objects.get(INDEX)).isEqualTo(index);
        ThanosMeta sealed = Objects.requireNonNull(item.meta().thanos());
        assertThat(BlockMeta.parse(META, object(META)).toJson())
                .isEqualTo(item.meta()
                        .withThanos(sealed.withUploadTime(MemoryBucket.NOW))
                        .toJson());
    }

    /// Notes every request, checks I1 after each, and fails the one it is told to.
    private final class Requests {
        final List<String> made = new ArrayList<>();
        int failFrom;
        String failAtText = "";
        boolean tookEffect;
        Runnable afterEach = () -> {};

        List<String> changes() {
            return made.stream()
                    .filter(request -> request.matches("(put|create|upload|complete|delete|abort).*"))
                    .toList();
        }

        Bucket to(Bucket target) {
            return (Bucket) Proxy.newProxyInstance(
                    Bucket.class.getClassLoader(), new Class<?>[] {Bucket.class}, (_, method, arguments) -> {
                        if (arguments == null) {
                            return method.invoke(target); // clock, capabilities: no request
                        }
                        String request = method.getName() + " " + arguments[0]
                                + (method.getName().equals("uploadPart") ? " " + arguments[2] : "");
                        made.add(request);
                        boolean fails = (failFrom > 0 && made.size() >= failFrom) || request.equals(failAtText);
                        if (fails && !tookEffect) {
                            throw new BucketException.Unavailable(request + ": no connection", null);
                        }
                        Object result;
                        try {
                            result = method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        requireCommitLast();
                        afterEach.run();
                        if (fails) {
                            throw new BucketException.Unavailable(request + ": no reply", null);
                        }
                        return result;
                    });
        }

        private void requireCommitLast() {
            if (bucket.objects.containsKey(META) && made.contains("put " + META)) {
                assertThat(bucket.objects).containsKeys(CHUNKS, INDEX);
            }
        }
    }
}
