package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Body;
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
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What credentials do not allow, what gets too old, and what a link does between two parts.
class PlainTroublesTest {
    private static final int PART = 100;
    private static final String ID = Blocks.A.toString();
    private static final String CHUNKS = ID + "/chunks/000001";
    private static final String MORE_CHUNKS = ID + "/chunks/000002";
    private static final String INDEX = ID + "/index";
    private static final String META = ID + "/meta.json";

    @TempDir
    Path dir;

    private final MemoryBucket bucket = new MemoryBucket();
    private final List<String> requests = new ArrayList<>();
    private Predicate<String> fails = _ -> false;
    private BucketException failure = new BucketException.Unavailable("cut", null);
    private Item item;
    private PlainTransport transport = transport(PART);

    @BeforeEach
    void writeABlockOfTwoSegments() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 3 * PART + 7);
        Files.write(block.resolve("chunks/000002"), new byte[2 * PART]);
        Files.write(block.resolve("index"), new byte[PART]);
        List<BlockFile> files = List.of(
                new BlockFile("chunks/000001", 3 * PART + 7, null),
                new BlockFile("chunks/000002", 2 * PART, null),
                new BlockFile("index", PART, null),
                new BlockFile("meta.json", 0, null));
        var meta = Blocks.meta(Blocks.A)
                .withThanos(ThanosMeta.of(Map.of("site", "shop"), "sidecar", List.of("000001", "000002"), files));
        Files.write(block.resolve("meta.json"), meta.toJson());
        item = new Item(Blocks.A, meta.range(), block, "", Instant.EPOCH, 6 * PART + 7, 0);
    }

    @Test
    void showsNothingBeforeThePartsOfAllFilesAreThere() throws IOException {
        ship();

        assertThat(requests.stream().filter(request -> request.matches("(put|create|upload|complete).*")))
                .containsExactly(
                        "createUpload " + CHUNKS,
                        "uploadPart " + CHUNKS + " 1 100",
                        "uploadPart " + CHUNKS + " 2 100",
                        "uploadPart " + CHUNKS + " 3 100",
                        "uploadPart " + CHUNKS + " 4 7",
                        "createUpload " + MORE_CHUNKS,
                        "uploadPart " + MORE_CHUNKS + " 1 100",
                        "uploadPart " + MORE_CHUNKS + " 2 100",
                        "put " + INDEX,
                        "completeUpload " + CHUNKS,
                        "completeUpload " + MORE_CHUNKS,
                        "put " + META);
        assertThat(transport.restriction()).isEmpty();
    }

    @Test
    void takesADeniedLookForAMissingObjectOnceAnotherLookSucceeded() throws IOException {
        bucket.mayListBucket = false;
        stopAt("put " + META);
        bucket.objects.remove(INDEX); // somebody's cleanup

        assertThat(ship()).isInstanceOf(Outcome.Shipped.class);

        requireWhole();
        assertThat(transport.restriction()).isEmpty();
    }

    @Test
    void confirmsByTheRepliesWhereNothingMayBeReadAndSaysSo() throws IOException {
        bucket.mayGetObject = false;
        for (Capabilities.Support support : Capabilities.Support.values()) {
            startOver();
            bucket.capabilities = new Capabilities(support, support, support);

            assertThat(ship()).as("%s", support).isInstanceOf(Outcome.Shipped.class);

            requireWhole();
            assertThat(transport.restriction().orElseThrow()).contains("GetObject");
        }
        bucket.mayGetObject = true;
        assertThat(ship()).isInstanceOf(Outcome.AlreadyThere.class);
        assertThat(transport.restriction()).isEmpty();
    }

    @Test
    void confirmsNothingByRepliesThatAreNoChecksum() {
        bucket.mayGetObject = false;
        bucket.eTagsAreDigests = false;

        assertThatThrownBy(this::ship)
                .isInstanceOf(BucketException.AccessDenied.class)
                .hasMessageContaining("GetObject");
        assertThat(bucket.objects).doesNotContainKey(META);
    }

    @Test
    void leavesAnotherMetaJsonAloneThatItMayNotRead() {
        bucket.mayGetObject = false;
        bucket.capabilities =
                new Capabilities(Capabilities.Support.YES, Capabilities.Support.YES, Capabilities.Support.YES);
        byte[] stranger = Blocks.meta(Blocks.A).toJson();
        bucket.objects.put(META, stranger);

        assertThatThrownBy(this::ship)
                .isInstanceOf(BucketException.AccessDenied.class)
                .hasMessageContaining("another meta.json")
                .hasMessageContaining("GetObject");
        assertThat(bucket.objects.get(META)).isEqualTo(stranger);
    }

    @Test
    void believesTheLedgerWhereThePartsMayNotBeListed() throws IOException {
        bucket.mayListParts = false;
        stopAt("uploadPart " + CHUNKS + " 3 100");
        requests.clear();

        ship();

        requireWhole();
        assertThat(requests).doesNotContain("uploadPart " + CHUNKS + " 1 100", "uploadPart " + CHUNKS + " 2 100");
    }

    @Test
    void beginsAgainWhereTheLedgerWasBelievedAndThePartsAreGone() throws IOException {
        bucket.mayListParts = false;
        stopAt("completeUpload " + CHUNKS);
        bucket.uploads.values().forEach(parts -> parts.remove(2));

        ship();

        requireWhole();
    }

    @Test
    void goesOnBehindAPartOfAnotherSizeThatOnlyTheStoreKnows() throws IOException {
        transport = transport(90);
        stopAfter("uploadPart " + CHUNKS + " 2 90");
        transport = transport(130);
        requests.clear();

        ship();

        requireWhole();
        assertThat(requests)
                .contains("uploadPart " + CHUNKS + " 3 127")
                .doesNotContain("uploadPart " + CHUNKS + " 2 90");
    }

    @Test
    void sendsAPartThatTheStoreLostWithItsOwnLength() throws IOException {
        transport = transport(90);
        stopAt("uploadPart " + CHUNKS + " 3 90");
        bucket.uploads.values().forEach(parts -> parts.remove(1));
        transport = transport(130);
        requests.clear();

        ship();

        requireWhole();
        assertThat(requests)
                .contains("uploadPart " + CHUNKS + " 1 90", "uploadPart " + CHUNKS + " 3 127")
                .doesNotContain("uploadPart " + CHUNKS + " 2 90");
    }

    @Test
    void completesAnUploadThatGotTooOldWithoutWaitingForTheOthers() throws IOException {
        stopAt("uploadPart " + MORE_CHUNKS + " 2 100");
        bucket.now = bucket.now.plus(Duration.ofHours(21));
        requests.clear();

        ship();

        requireWhole();
        assertThat(requests.indexOf("completeUpload " + CHUNKS))
                .isPositive()
                .isLessThan(requests.indexOf("uploadPart " + MORE_CHUNKS + " 2 100"));
    }

    @Test
    void finishesTheOldestUploadFirst() throws IOException {
        stopAt("uploadPart " + MORE_CHUNKS + " 2 100");
        bucket.uploads.values().iterator().next().remove(2); // of the first file, which is the oldest
        bucket.now = bucket.now.plus(Duration.ofHours(21));
        requests.clear();

        ship();

        requireWhole();
        assertThat(requests.stream().filter(request -> request.matches("(upload|complete).*")))
                .startsWith(
                        "uploadPart " + CHUNKS + " 2 100",
                        "completeUpload " + CHUNKS,
                        "uploadPart " + MORE_CHUNKS + " 2 100");
    }

    @Test
    void waitsForAllFilesWhileNoUploadIsTooOld() throws IOException {
        stopAt("uploadPart " + MORE_CHUNKS + " 2 100");
        bucket.now = bucket.now.plus(Duration.ofHours(19));
        requests.clear();

        ship();

        assertThat(requests.indexOf("completeUpload " + CHUNKS))
                .isGreaterThan(requests.indexOf("uploadPart " + MORE_CHUNKS + " 2 100"));
    }

    /// Between the comparison and `meta.json` there is a moment that no order of requests can close.
    @Test
    void sendsAgainWhatDisappearedWhileMetaJsonWasWritten() throws IOException {
        fails = request -> {
            if (request.equals("put " + META)) {
                bucket.objects.remove(INDEX);
                bucket.objects.put(CHUNKS, new byte[3 * PART + 7]);
            }
            return false;
        };

        assertThat(ship()).isInstanceOf(Outcome.Shipped.class);

        requireWhole();
    }

    @Test
    void letsWhatIsHeldBackOrThrottledPassAndLearnsNothingOfTheLink() {
        PieceSizing sizing = new PieceSizing(PART, PART, requests::size);
        transport = new PlainTransport(link(), PlainConfig.DEFAULT, sizing, requests::size, UploadProgress.NONE);
        for (BucketException each :
                List.of(new BucketException.HeldBack("closed"), new BucketException.Throttled("SlowDown", null))) {
            failure = each;
            fails = request -> request.startsWith("uploadPart");
            assertThatThrownBy(this::ship).isSameAs(each);
        }
        assertThat(sizing.lostInARow()).isZero();
        assertThat(transport.cannotFinish()).isEmpty();
    }

    private Outcome ship() throws IOException {
        return transport.ship(item);
    }

    private void stopAt(String request) {
        fails = request::equals;
        assertThatThrownBy(this::ship).isSameAs(failure);
        fails = _ -> false;
    }

    /// The request takes effect and its reply gets lost.
    private void stopAfter(String request) {
        fails = made -> requests.contains(request) && !made.equals(request);
        assertThatThrownBy(this::ship).isSameAs(failure);
        fails = _ -> false;
    }

    private void startOver() throws IOException {
        bucket.objects.clear();
        bucket.uploads.clear();
        Files.deleteIfExists(item.dir().resolve(PartLedger.FILE_NAME));
    }

    private PlainTransport transport(long partBytes) {
        PieceSizing sizing = new PieceSizing(partBytes, partBytes, () -> 0);
        return new PlainTransport(link(), PlainConfig.DEFAULT, sizing, () -> 0, UploadProgress.NONE);
    }

    private Bucket link() {
        return (Bucket) Proxy.newProxyInstance(
                Bucket.class.getClassLoader(), new Class<?>[] {Bucket.class}, (_, method, arguments) -> {
                    if (arguments == null) {
                        return method.invoke(bucket); // clock, capabilities: no request
                    }
                    String request = method.getName() + " " + arguments[0]
                            + (method.getName().equals("uploadPart")
                                    ? " " + arguments[2] + " " + ((Body) arguments[3]).sizeBytes()
                                    : "");
                    if (fails.test(request)) {
                        throw failure;
                    }
                    requests.add(request);
                    try {
                        return method.invoke(bucket, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void requireWhole() throws IOException {
        assertThat(bucket.objects).containsOnlyKeys(CHUNKS, MORE_CHUNKS, INDEX, META);
        for (Item.DataFile file : item.dataFiles()) {
            byte[] stored = Objects.requireNonNull(bucket.objects.get(ID + "/" + file.relativePath()));
            assertThat(Arrays.equals(stored, Files.readAllBytes(file.path())))
                    .as(file.relativePath())
                    .isTrue();
        }
    }
}
