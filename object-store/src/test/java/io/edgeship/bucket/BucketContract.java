package io.edgeship.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [Bucket] promises, tried on a real implementation. Each test works below a key prefix of its own,
/// so one store serves all of them. A subclass names what its store cannot do; those tests are skipped.
public abstract class BucketContract {
    /// What some store cannot do.
    public enum Lack {
        /// `x` and `x/y` both being objects.
        NESTED_KEYS,
        /// Deleting `x/y` where `x` is an object.
        DELETE_BELOW_OBJECT,
        /// Exactly one winner among writers at once.
        ATOMIC_CONDITION,
        /// `NoSuchUpload` for an upload that was aborted.
        NO_SUCH_UPLOAD,
        /// Common prefixes that appear once over all pages.
        COMMON_PREFIX_ONCE,
        /// The time of the reply; a server may lack the header.
        DATE
    }

    private static final int PART_BYTES = (int) UploadedPart.SIZE_BYTES_MIN;

    private String home = "";

    /// The bucket under test, shared by all tests of the class.
    protected abstract Bucket bucket();

    protected abstract Set<Lack> lacks();

    @BeforeEach
    void chooseAPrefix() {
        home = "contract/" + UUID.randomUUID() + "/";
    }

    private String key(String name) {
        return home + name;
    }

    private void needs(Lack lack) {
        assumeFalse(lacks().contains(lack), () -> "this store cannot do " + lack);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000})
    void givesBackTheBytesThatWerePut(int size) throws IOException {
        byte[] bytes = bytes(size, 1);

        ObjectInfo put = bucket().put(key("a/b"), Body.of(bytes));

        assertThat(read(key("a/b"))).isEqualTo(bytes);
        ObjectInfo head = bucket().head(key("a/b")).orElseThrow();
        assertThat(head.sizeBytes()).isEqualTo(size).isEqualTo(put.sizeBytes());
        assertThat(head.key()).isEqualTo(key("a/b")).isEqualTo(put.key());
        assertThat(head.eTag()).isNotEmpty().doesNotContain("\"").isEqualTo(put.eTag());
        assertThat(head.lastModified())
                .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(120));
    }

    @Test
    void aPutReplacesTheObject() throws IOException {
        bucket().put(key("a"), text("before, and longer"));
        bucket().put(key("a"), text("after"));

        assertThat(read(key("a"))).isEqualTo("after".getBytes(UTF_8));
    }

    @Test
    void aMissingObjectIsEmptyToHeadAndNotFoundToGet() throws IOException {
        assertThat(bucket().head(key("none"))).isEmpty();
        assertThatThrownBy(() -> read(key("none"))).isInstanceOf(BucketException.NotFound.class);
        assertThatThrownBy(() -> {
                    try (InputStream in = bucket().get(key("none"), 0, 1)) {
                        in.readAllBytes();
                    }
                })
                .isInstanceOf(BucketException.NotFound.class);
    }

    @Test
    void aRangeIsCutWhereTheObjectEnds() throws IOException {
        bucket().put(key("a"), text("0123456789"));

        assertThat(range(key("a"), 0, 1)).isEqualTo("0");
        assertThat(range(key("a"), 3, 4)).isEqualTo("3456");
        assertThat(range(key("a"), 8, 100)).isEqualTo("89");
        assertThatThrownBy(() -> range(key("a"), 10, 1)).isInstanceOf(BucketException.Refused.class);
    }

    @Test
    void aRangeSaysWhichObjectItIsOf() throws IOException {
        ObjectInfo put = bucket().put(key("a"), text("0123456789"));

        try (ObjectRange range = bucket().getRange(key("a"), 3, 4)) {
            assertThat(range.bytes().readAllBytes()).isEqualTo("3456".getBytes(UTF_8));
            assertThat(range.object().eTag()).isEqualTo(put.eTag());
            assertThat(range.object().sizeBytes()).isEqualTo(10);
        }
        bucket().put(key("a"), text("another one"));
        try (ObjectRange range = bucket().getRange(key("a"), 3, 4)) {
            assertThat(range.object().eTag()).isNotEqualTo(put.eTag());
            assertThat(range.object().sizeBytes()).isEqualTo(11);
        }
        assertThatThrownBy(() -> bucket().getRange(key("none"), 0, 1)).isInstanceOf(BucketException.NotFound.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../../b", "a/./b", "a\0b"})
    void aKeyThatCouldEscapeIsRefused(String key) {
        assertThatThrownBy(() -> bucket().put(key, text("x"))).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket().get(key)).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket().head(key)).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket().delete(key)).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket().createUpload(key)).isInstanceOf(BucketException.Refused.class);
        assertThatThrownBy(() -> bucket().deleteAll(List.of(key))).isInstanceOf(BucketException.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "plus+sign", "100%25", "a=b&c", "1700000000000:17b:7f", "~tilde_(paren)!'*"})
    void aKeyKeepsItsLetters(String name) throws IOException {
        bucket().put(key(name), text(name));

        assertThat(read(key(name))).isEqualTo(name.getBytes(UTF_8));
        assertThat(keys(home, null, 1000)).containsExactly(key(name));
        bucket().deleteAll(List.of(key(name)));
        assertThat(bucket().head(key(name))).isEmpty();
    }

    @Test
    void listsInTheOrderOfBytesWhateverThePageSize() throws IOException {
        List<String> expected = new ArrayList<>();
        for (String name : List.of("A", "a", "a!x", "a-b", "a/b", "a/c/d", "a0", "b/a", "b/b", "z")) {
            if (!(name.equals("a") && lacks().contains(Lack.NESTED_KEYS))) {
                bucket().put(key(name), text(name));
                expected.add(key(name));
            }
        }
        for (int pageSize : List.of(1, 2, 3, 1000)) {
            assertThat(keys(home, null, pageSize)).as("page size %d", pageSize).isEqualTo(expected);
        }
        assertThat(keys(key("a/"), null, 1000)).containsExactly(key("a/b"), key("a/c/d"));
        assertThat(keys(key("b"), null, 1000)).containsExactly(key("b/a"), key("b/b"));
        assertThat(keys(key("nothing"), null, 1000)).isEmpty();
    }

    @Test
    void foldsKeysAtTheDelimiter() throws IOException {
        for (String name : List.of("a/1", "a/2", "b/c/3", "file", "z/4")) {
            bucket().put(key(name), text(name));
        }
        ListPage page = bucket().list(home, "/", null, 1000);

        assertThat(page.commonPrefixes()).containsExactly(key("a/"), key("b/"), key("z/"));
        assertThat(page.objects()).extracting(ObjectInfo::key).containsExactly(key("file"));
        assertThat(page.objects().getFirst().sizeBytes()).isEqualTo(4);
        assertThat(page.next()).isNull();
    }

    @Test
    void aCommonPrefixAppearsOnceOverAllPages() throws IOException {
        needs(Lack.COMMON_PREFIX_ONCE);
        for (String name : List.of("a/1", "a/2", "b/c/3", "file", "z/4")) {
            bucket().put(key(name), text(name));
        }
        assertThat(keys(home, "/", 1)).containsExactlyInAnyOrder(key("a/"), key("b/"), key("file"), key("z/"));
    }

    @Test
    void theFirstOfTwoConditionalPutsWins() throws IOException {
        bucket().putIfAbsent(key("a"), text("first"));

        assertThatThrownBy(() -> bucket().putIfAbsent(key("a"), text("other")))
                .isInstanceOf(BucketException.PreconditionFailed.class);
        assertThat(read(key("a"))).isEqualTo("first".getBytes(UTF_8));
    }

    /// A lost reply makes us send it again: then the object in the way is our own.
    @Test
    void aConditionalPutOfTheSameBytesSucceedsAgain() throws IOException {
        ObjectInfo first = bucket().putIfAbsent(key("a"), text("same"));

        assertThat(bucket().putIfAbsent(key("a"), text("same")).eTag()).isEqualTo(first.eTag());
    }

    @Test
    void replacesOnlyWhatIsStillThere() throws IOException {
        String before = bucket().put(key("a"), text("1")).eTag();
        String now = bucket().putIfMatches(key("a"), text("2"), before).eTag();

        assertThat(now).isNotEqualTo(before);
        assertThatThrownBy(() -> bucket().putIfMatches(key("a"), text("3"), before))
                .isInstanceOf(BucketException.PreconditionFailed.class);
        assertThat(read(key("a"))).isEqualTo("2".getBytes(UTF_8));
    }

    @Test
    void ofManyConditionalWritersOneWins() throws Exception {
        needs(Lack.ATOMIC_CONDITION);
        int writers = 8;
        List<Callable<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Body body = text("writer " + i);
            tries.add(() -> wins(key("race"), body));
        }
        int winners = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            for (Future<Boolean> won : pool.invokeAll(tries)) {
                winners += won.get() ? 1 : 0;
            }
        }
        assertThat(winners).isEqualTo(1);
    }

    private boolean wins(String key, Body body) throws BucketException {
        try {
            bucket().putIfAbsent(key, body);
            return true;
        } catch (BucketException.PreconditionFailed lost) {
            return false;
        }
    }

    @Test
    void assemblesAnUploadFromItsParts() throws IOException {
        byte[] first = bytes(PART_BYTES, 2);
        byte[] second = bytes(1234, 3);
        String id = bucket().createUpload(key("big"));
        UploadedPart two = bucket().uploadPart(key("big"), id, 2, Body.of(second));
        UploadedPart one = bucket().uploadPart(key("big"), id, 1, Body.of(first));

        assertThat(bucket().head(key("big"))).as("before it is complete").isEmpty();
        assertThat(keys(home, null, 1000)).isEmpty();
        assertThat(bucket().listParts(key("big"), id)).containsExactly(one, two);
        assertThat(bucket().listUploads(key("big")))
                .extracting(OpenUpload::uploadId)
                .containsExactly(id);
        ObjectInfo whole = bucket().completeUpload(key("big"), id, List.of(one, two));

        assertThat(whole.sizeBytes()).isEqualTo(PART_BYTES + 1234);
        assertThat(bucket().head(key("big")).orElseThrow().eTag()).isEqualTo(whole.eTag());
        byte[] read = read(key("big"));
        assertThat(read).startsWith(first).endsWith(second).hasSize(PART_BYTES + 1234);
        assertThat(bucket().listUploads(key("big"))).isEmpty();
        ObjectDigest digest = new ObjectDigest(List.of(digest(first), digest(second)), true);
        assertThat(bucket().confirm(key("big"), digest)).isEqualTo(Confirmation.MATCHES);
    }

    @Test
    void aPartThatIsSentAgainReplacesTheFirst() throws IOException {
        String id = bucket().createUpload(key("a"));
        bucket().uploadPart(key("a"), id, 1, text("first"));
        UploadedPart again = bucket().uploadPart(key("a"), id, 1, text("second"));

        assertThat(bucket().listParts(key("a"), id)).containsExactly(again);
        bucket().completeUpload(key("a"), id, List.of(again));
        assertThat(read(key("a"))).isEqualTo("second".getBytes(UTF_8));
    }

    @Test
    void completesNothingWithAPartThatIsNotTheOneSent() throws IOException {
        String id = bucket().createUpload(key("a"));
        UploadedPart sent = bucket().uploadPart(key("a"), id, 1, text("sent"));
        UploadedPart other = new UploadedPart(1, sent.sizeBytes(), "0".repeat(32));

        assertThatThrownBy(() -> bucket().completeUpload(key("a"), id, List.of(other)))
                .isInstanceOf(BucketException.Refused.class);
        assertThat(bucket().head(key("a"))).isEmpty();
        bucket().abortUpload(key("a"), id);
    }

    @Test
    void completesNothingWithAFirstPartThatIsTooSmall() throws IOException {
        String id = bucket().createUpload(key("a"));
        UploadedPart one = bucket().uploadPart(key("a"), id, 1, text(bucket().isLocal() ? "" : "small"));
        UploadedPart two = bucket().uploadPart(key("a"), id, 2, text("last"));

        assertThatThrownBy(() -> bucket().completeUpload(key("a"), id, List.of(one, two)))
                .isInstanceOf(BucketException.Refused.class);
        bucket().abortUpload(key("a"), id);
    }

    @Test
    void anAbortedUploadIsGone() throws IOException {
        String id = bucket().createUpload(key("a"));
        UploadedPart part = bucket().uploadPart(key("a"), id, 1, text("x"));
        bucket().abortUpload(key("a"), id);
        bucket().abortUpload(key("a"), id);

        assertThat(bucket().listUploads(home)).isEmpty();
        needs(Lack.NO_SUCH_UPLOAD);
        assertThatThrownBy(() -> bucket().uploadPart(key("a"), id, 2, text("x")))
                .isInstanceOf(BucketException.NoSuchUpload.class);
        assertThatThrownBy(() -> bucket().listParts(key("a"), id)).isInstanceOf(BucketException.NoSuchUpload.class);
        assertThatThrownBy(() -> bucket().completeUpload(key("a"), id, List.of(part)))
                .isInstanceOf(BucketException.NoSuchUpload.class);
    }

    @Test
    void confirmsOnlyTheVeryBytes() throws IOException {
        byte[] bytes = bytes(5000, 4);
        byte[] sameSize = bytes(5000, 5);
        bucket().put(key("a"), Body.of(bytes));

        assertThat(confirm("a", bytes)).isEqualTo(Confirmation.MATCHES);
        assertThat(confirm("a", sameSize)).isEqualTo(Confirmation.DIFFERS);
        assertThat(confirm("a", bytes(4999, 4))).isEqualTo(Confirmation.DIFFERS);
        assertThat(confirm("none", bytes)).isEqualTo(Confirmation.MISSING);
    }

    @Test
    void deletesAndForgivesWhatIsGone() throws IOException {
        bucket().put(key("dir/a"), text("x"));
        bucket().put(key("dir/b"), text("x"));
        bucket().delete(key("dir/a"));
        bucket().delete(key("dir/a"));

        assertThat(keys(home, null, 1000)).containsExactly(key("dir/b"));
        bucket().delete(key("dir")); // no object of that name: the ones below it stay
        assertThat(keys(home, null, 1000)).containsExactly(key("dir/b"));
        bucket().deleteAll(List.of(key("dir/b"), key("none")));
        assertThat(keys(home, null, 1000)).isEmpty();
        assertThat(bucket().list(home, "/", null, 1000).commonPrefixes()).isEmpty();
        bucket().deleteAll(List.of());
    }

    @Test
    void anObjectMayLieBelowAnother() throws IOException {
        needs(Lack.NESTED_KEYS);
        bucket().put(key("x"), text("outer"));
        bucket().put(key("x/y"), text("inner"));

        assertThat(read(key("x"))).isEqualTo("outer".getBytes(UTF_8));
        assertThat(read(key("x/y"))).isEqualTo("inner".getBytes(UTF_8));
    }

    @Test
    void aMissingObjectBelowAnObjectIsEmpty() throws IOException {
        bucket().put(key("x"), text("outer"));

        assertThat(bucket().head(key("x/y"))).isEmpty();
        needs(Lack.DELETE_BELOW_OBJECT);
        bucket().delete(key("x/y"));
        assertThat(bucket().head(key("x"))).isPresent();
    }

    @Test
    void bodiesOfAnotherLengthAreOurFaultAndStoreNothing() throws IOException {
        Body lying = new Body() {
            @Override
            public long sizeBytes() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                return text("five.").open();
            }
        };
        assertThatThrownBy(() -> bucket().put(key("a"), lying)).isInstanceOf(BucketException.BodyUnreadable.class);
        assertThat(bucket().head(key("a"))).isEmpty();
    }

    @Test
    void bodiesThatCannotBeReadAreOurFault() {
        Body broken = new Body() {
            @Override
            public long sizeBytes() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("broken disk");
            }
        };
        assertThatThrownBy(() -> bucket().put(key("a"), broken))
                .isInstanceOf(BucketException.BodyUnreadable.class)
                .hasMessageContaining("broken disk");
    }

    @Test
    void theClockFollowsTheStore() throws IOException {
        needs(Lack.DATE);
        bucket().head(key("any"));

        assertThat(bucket().clock().skew().orElseThrow().abs()).isLessThan(Duration.ofSeconds(30));
    }

    private Confirmation confirm(String name, byte[] bytes) throws IOException {
        return bucket().confirm(key(name), new ObjectDigest(List.of(digest(bytes)), false));
    }

    private byte[] read(String key) throws IOException {
        try (InputStream in = bucket().get(key)) {
            return in.readAllBytes();
        }
    }

    private String range(String key, long offset, long length) throws IOException {
        try (InputStream in = bucket().get(key, offset, length)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /// Keys and common prefixes of all pages.
    private List<String> keys(String prefix, @Nullable String delimiter, int pageSize) throws IOException {
        List<String> found = new ArrayList<>();
        @Nullable String token = null;
        do {
            ListPage page = bucket().list(prefix, delimiter, token, pageSize);
            assertThat(page.objects().size() + page.commonPrefixes().size()).isLessThanOrEqualTo(pageSize);
            page.objects().forEach(object -> found.add(object.key()));
            found.addAll(page.commonPrefixes());
            token = page.next();
        } while (token != null);
        return found;
    }

    private static Body text(String text) {
        return Body.of(text.getBytes(UTF_8));
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// What the writer of `bytes` knows of them.
    protected static ObjectDigest.Part digest(byte[] bytes) {
        try {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            byte[] md5 = MessageDigest.getInstance("MD5").digest(bytes);
            return new ObjectDigest.Part(bytes.length, HexFormat.of().formatHex(md5), (int) crc.getValue());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
