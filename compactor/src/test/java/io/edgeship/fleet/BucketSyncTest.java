package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.PartialBlock.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketSyncTest {
    private static final Duration OLD = Duration.ofHours(49);
    private static final String GOOD = BucketFolder.meta(A, 0, 7_200_000, "a");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void folder() {
        folder = new BucketFolder(dir.resolve("bucket"));
    }

    static Stream<Arguments> metasThatCannotBeUsed() {
        return Stream.of(
                Arguments.argumentSet("empty", "", State.TORN),
                Arguments.argumentSet("cut", GOOD.substring(0, 99), State.TORN),
                Arguments.argumentSet("zeroes", "\0".repeat(400), State.TORN),
                Arguments.argumentSet("a page of a proxy", "<html>403</html>", State.TORN),
                Arguments.argumentSet("deep", "{\"a\":".repeat(9000) + "1" + "}".repeat(9000), State.HELD),
                Arguments.argumentSet("20 MiB", GOOD + " ".repeat(20 << 20), State.HELD),
                Arguments.argumentSet("20 MiB, cut", "{\"a\":\"" + "x".repeat(20 << 20), State.HELD),
                Arguments.argumentSet("wrong ULID", BucketFolder.meta(B, 0, 1, "a"), State.HELD),
                Arguments.argumentSet("version 2", GOOD.replace("\"version\":1", "\"version\":2"), State.HELD),
                Arguments.argumentSet("times swapped", BucketFolder.meta(A, 5, 1, "a"), State.HELD),
                Arguments.argumentSet("wrong type", GOOD.replace("7200000", "\"noon\""), State.HELD),
                Arguments.argumentSet("a key twice", GOOD.replaceFirst("\\{", "{\"version\":1,"), State.HELD),
                Arguments.argumentSet("something after it", GOOD + "}", State.HELD),
                Arguments.argumentSet("labels of numbers", GOOD.replace("\"a\"}", "1}"), State.HELD));
    }

    @ParameterizedTest
    @MethodSource("metasThatCannotBeUsed")
    void oneMetaThatCannotBeUsedStopsNoOther(String meta, State state) throws Exception {
        folder.block(A, meta, OLD).block(B, OLD);

        BucketView view = sync(folder.open());

        assertThat(view.partial()).singleElement().satisfies(block -> {
            assertThat(block.id()).isEqualTo(A);
            assertThat(block.state()).isEqualTo(state);
            assertThat(block.metaETag()).isNotEmpty();
            assertThat(block.objects()).isEqualTo(3);
        });
        assertThat(view.blocks()).extracting(block -> block.meta().id()).containsExactly(B);
    }

    @Test
    void takesWhatIsOddAndYetABlock() throws Exception {
        folder.block(A, GOOD.replaceAll(",\"thanos\".*", "}"), OLD)
                .block(B, BucketFolder.meta(B, -7_200_000, -1, "a"), OLD)
                .block(
                        C,
                        BucketFolder.meta(C, 0, 0, "a").replace("\"version\"", "\"future\":{\"x\":[1]},\"version\""),
                        OLD);

        BucketView view = sync(folder.open());

        assertThat(view.partial()).isEmpty();
        assertThat(view.blocks()).hasSize(3);
        assertThat(view.blocks().getFirst().labels()).isEmpty();
    }

    @Test
    void namesFilesThatAreMissingOrOfAnotherSize() throws Exception {
        String files = "\"source\":\"edgeship\",\"files\":[{\"rel_path\":\"chunks/000001\",\"size_bytes\":6},"
                + "{\"rel_path\":\"chunks/000002\",\"size_bytes\":6},{\"rel_path\":\"index\",\"size_bytes\":99},"
                + "{\"rel_path\":\"meta.json\"},{\"rel_path\":\"../" + B + "/index\",\"size_bytes\":5}]";
        folder.block(A, GOOD.replace("\"source\":\"edgeship\"", files), OLD).block(B, OLD);

        BucketBlock block = sync(folder.open()).blocks().getFirst();

        assertThat(block.missing()).containsExactly("../" + B + "/index", "chunks/000002", "index");
        assertThat(block.unexpected()).isEmpty();
    }

    @Test
    void withoutAListIndexAndAFirstSegmentMustBeThereAndSegmentsMustNotSkip() throws Exception {
        folder.block(A, OLD)
                .put(A + "/chunks/000002", "x", OLD)
                .put(A + "/chunks/000004", "x", OLD)
                .put(A + "/chunks/notes.txt", "x", OLD)
                .put(B + "/meta.json", BucketFolder.meta(B, 0, 1, "a"), OLD);

        List<BucketBlock> blocks = sync(folder.open()).blocks();

        assertThat(blocks.getFirst().isComplete()).isTrue();
        assertThat(blocks.getFirst().unexpected()).containsExactly("chunks/000004", "chunks/notes.txt");
        assertThat(blocks.getLast().missing()).containsExactly("chunks/000001", "index");
    }

    @Test
    void segmentFilesSayWhatMustBeUnderChunks() throws Exception {
        folder.block(A, GOOD.replace("\"source\"", "\"segment_files\":[\"000001\",\"000002\"],\"source\""), OLD)
                .put(A + "/chunks/000003", "x", OLD);

        BucketBlock block = sync(folder.open()).blocks().getFirst();

        assertThat(block.missing()).containsExactly("chunks/000002");
        assertThat(block.unexpected()).containsExactly("chunks/000003");
    }

    static Stream<Arguments> marksThatCountAsAbsent() {
        return Stream.of(
                Arguments.argumentSet("empty", ""),
                Arguments.argumentSet("cut", "{\"id\":"),
                Arguments.argumentSet("later version", "{\"id\":\"" + A + "\",\"version\":2,\"deletion_time\":1}"),
                Arguments.argumentSet("another block's", BucketFolder.mark(B, Instant.ofEpochSecond(1))),
                Arguments.argumentSet("no time", BucketFolder.mark(A, Instant.EPOCH)),
                Arguments.argumentSet("before 1970", BucketFolder.mark(A, Instant.MIN)),
                Arguments.argumentSet("1 MiB", " ".repeat(1 << 20) + BucketFolder.mark(A, Instant.ofEpochSecond(1))));
    }

    @ParameterizedTest
    @MethodSource("marksThatCountAsAbsent")
    void aMarkThatCannotBeTrustedLeavesEveryBlockThere(String mark) throws Exception {
        folder.block(A, OLD).block(B, OLD).put(A + "/deletion-mark.json", mark, OLD);

        assertThat(sync(folder.open()).blocks())
                .hasSize(2)
                .allSatisfy(block -> assertThat(block.deletionMark()).isNull());
    }

    @Test
    void aBlockThatLosesItsMetaIsHeldUnlessItIsBeingDeleted() throws Exception {
        folder.block(A, OLD).block(B, OLD);
        BucketSync sync = new BucketSync(folder.open());
        sync.sync();

        Files.delete(folder.root().resolve(A + "/meta.json"));
        Files.delete(folder.root().resolve(B + "/meta.json"));
        folder.mark(B, OLD);

        for (int cycle = 0; cycle < 3; cycle++) {
            assertThat(sync.sync().partial())
                    .extracting(PartialBlock::state)
                    .containsExactly(State.HELD, State.REMOVAL);
        }
        assertThat(sync(folder.open()).partial())
                .allSatisfy(block -> assertThat(block.isRemovable()).isTrue());
    }

    @Test
    void aMetaThatIsReplacedIsReadAgain() throws Exception {
        folder.block(A, OLD);
        BucketSync sync = new BucketSync(folder.open());
        sync.sync();

        folder.block(A, BucketFolder.meta(A, 0, 7_200_000, "b"), Duration.ZERO);

        assertThat(sync.sync().blocks().getFirst().labels()).containsEntry("site", "b");
    }

    @Test
    void leavesAloneWhatOnlyLooksLikeAUlid() throws Exception {
        String lowerCase = A.toString().toLowerCase(java.util.Locale.ROOT);
        folder.block(A, OLD)
                .put(lowerCase + "/meta.json", GOOD, OLD)
                .put("debug/metas/" + B + ".json", GOOD, OLD)
                .put("a-loki-tenant/fp/chunk", "x", OLD)
                .put("9".repeat(26) + "/meta.json", GOOD, OLD);

        BucketView view = sync(folder.open());

        assertThat(view.strange()).containsExactly(lowerCase);
        assertThat(view.blocks()).hasSize(1);
        assertThat(view.partial()).isEmpty();
    }

    @Test
    void aStoreThatFailsAgainAndAgainEndsThePass() throws Exception {
        for (int i = 0; i <= ObjectReader.UNAVAILABLE_MAX; i++) {
            folder.block(new BlockId(A.high(), i), OLD);
        }
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.startsWith("get "),
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));

        assertThatThrownBy(() -> sync(bucket)).isInstanceOf(BucketException.Unavailable.class);
    }

    /// What is remembered is not read again, so that in the second pass every read there is may be denied.
    @Test
    void aNewcomerThatIsDeniedEndsNoLaterPass() throws Exception {
        folder.block(A, OLD);
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.equals("get " + B + "/meta.json"),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));
        BucketSync sync = new BucketSync(bucket);
        sync.sync();
        folder.block(B, OLD);

        BucketView view = sync.sync();

        assertThat(view.blocks()).hasSize(1);
        assertThat(view.partial()).extracting(PartialBlock::state).containsExactly(State.HELD);
    }

    /// Bytes changed at random: a block, or a folder that is set aside, and never an exception. The seed is in the
    /// name.
    @ParameterizedTest
    @ValueSource(longs = {1, 20261123, 4711})
    void whateverAMetaSaysThePassEnds(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            MemoryBucket bucket = new MemoryBucket();
            for (int i = 0; i < 300; i++) {
                BlockId id = new BlockId(A.high(), i);
                bucket.add(id + "/meta.json", changed(BucketFolder.meta(id, 0, 7_200_000, "a"), random));
            }
            BucketView view = sync(bucket);

            assertThat(view.blocks().size() + view.partial().size()).isEqualTo(300);
            List<SiteFreshness> sites = Freshness.of(view, "site", Instant.EPOCH);
            assertThat(BucketIndex.write(view, sites, Instant.EPOCH)).isNotEmpty();
            assertThat(FleetTable.print(sites, Instant.now())).isNotEmpty();
        }
    }

    private static byte[] changed(String meta, Random random) {
        byte[] bytes = meta.getBytes(UTF_8);
        String odd = "\"\\{}[],:0123456789-eE. nulltrue\0\u00ff";
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) odd.charAt(random.nextInt(odd.length()));
        }
        return bytes;
    }

    @Test
    void marksAndHeartbeatsAreReadOnceAChange() throws Exception {
        folder.block(A, OLD).mark(A, OLD).heartbeat(BucketFolder.heartbeat("a").build(), OLD);
        RecordingBucket bucket = new RecordingBucket(folder.open());
        BucketSync sync = new BucketSync(bucket);

        BucketView first = sync.sync();
        bucket.clear();
        assertThat(sync.sync()).isEqualTo(first);
        assertThat(bucket.calls()).containsExactly("list ");

        folder.mark(A, Duration.ZERO);
        sync.sync();
        assertThat(bucket.keysOf("get")).containsExactly(A + "/deletion-mark.json");
    }

    private static BucketView sync(Bucket bucket) throws Exception {
        return new BucketSync(bucket).sync();
    }
}
