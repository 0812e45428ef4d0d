package io.edgeship.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One block or one stream is bad: it is named, and everything else is done.
class CycleFaultTest {
    private static final List<Long> RESOLUTIONS = List.of(0L, 300_000L, 3_600_000L);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<BlockId> shipped;

    @SuppressWarnings("NullAway.Init") // made before each test
    private BlockId victim;

    @BeforeAll
    static void makeUp() throws IOException {
        bed = new CycleBed(dir, CycleBed.NO_WAITS).makeUp("sites=2,series=4,days=1,step=600s,start=2024-01-04");
        shipped = bed.shipped().subList(4, 14);
    }

    @BeforeEach
    void ship() throws IOException {
        bed.startOver(shipped);
        victim = ofSite("site-000").get(2).meta().id();
    }

    /// A way to spoil a file of a block.
    record Damage(String what, String file, UnaryOperator<byte[]> change) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Damage> damages() {
        return Stream.of(
                new Damage("index cut in half", "index", bytes -> Arrays.copyOf(bytes, bytes.length / 2)),
                new Damage("index without its last byte", "index", bytes -> Arrays.copyOf(bytes, bytes.length - 1)),
                new Damage("index of nothing", "index", bytes -> new byte[bytes.length]),
                new Damage("chunk with a bit flipped", "chunks/000001", bytes -> flip(bytes, 40)),
                new Damage("segment of another format", "chunks/000001", bytes -> flip(bytes, 0)));
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x10;
        return flipped;
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aBrokenBlockIsSetAsideAndAllOthersAreDone(Damage damage) throws Exception {
        String key = victim + "/" + damage.file();
        byte[] spoiled = damage.change().apply(Objects.requireNonNull(bed.bucket.bytes(key)));
        bed.bucket.set(key, spoiled);

        Cycle.Result result = bed.cycle();

        if (result.view().blocks().stream()
                .filter(block -> block.meta().id().equals(victim))
                .allMatch(BucketBlock::isComplete)) {
            assertThat(result.upkeep().round().quarantined()).containsOnlyKeys(victim);
            assertThat(bed.bucket.keys(victim + "/"))
                    .contains(victim + "/no-compact-mark.json", victim + "/no-downsample-mark.json")
                    .doesNotContain(victim + "/deletion-mark.json");
        }
        assertThat(bed.bucket.bytes(key)).isEqualTo(spoiled);
        requireAllDoneBut(Set.of(victim));
        requireNothingToDo();
    }

    @Test
    void timesAndLabelsThatNoBlockHasStopNoOther() throws Exception {
        String key = victim + "/meta.json";
        String meta = new String(Objects.requireNonNull(bed.bucket.bytes(key)), UTF_8);
        Pattern times = Pattern.compile("\"maxTime\": \\d+");
        for (String hostile : List.of(
                times.matcher(meta).replaceFirst("\"maxTime\": 9223372036854775807"),
                meta.replaceFirst("\"minTime\": \\d+", "\"minTime\": -9223372036854775808"),
                meta.replaceFirst("\"resolution\": 0", "\"resolution\": 12345"),
                meta.replaceFirst("\"level\": 1", "\"level\": 2147483647"),
                meta.replaceFirst("\"numSamples\": \\d+", "\"numSamples\": 0"),
                meta.replaceFirst("\"site\": \"[^\"]*\"", "\"site\": \"../../x\""),
                "{}",
                "[".repeat(100_000))) {
            ship();
            bed.bucket.set(key, hostile.getBytes(UTF_8));

            bed.cycle();

            assertThat(bed.bucket.keys(victim + "/")).as(hostile).contains(key, victim + "/index");
            Set<BlockId> held = new TreeSet<>(bed.sources(0));
            assertThat(held).as(hostile).containsAll(others(Set.of(victim)));
            requireNothingToDo();
        }
    }

    /// Thanos reads such a name as a ULID: letters that are none of its alphabet, and one that overflows.
    @Test
    void namesOfTwentySixLettersThatAreNoUlidAreLeftAlone() throws Exception {
        List<String> traps =
                List.of("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "01h0000000000000000000000u");
        for (String trap : traps) {
            bed.bucket.set(trap + "/meta.json", Objects.requireNonNull(bed.bucket.bytes(victim + "/meta.json")));
            bed.bucket.set(trap + "/deletion-mark.json", "{}".getBytes(UTF_8));
        }

        bed.cycle();

        requireAllDoneBut(Set.of());
        assertThat(bed.bucket.keys(""))
                .containsAll(traps.stream().map(trap -> trap + "/meta.json").toList());
    }

    @Test
    void aStoreThatFailsForOneStreamLeavesTheOtherDone() throws Exception {
        List<String> keys = ofSite("site-000").stream()
                .map(block -> block.meta().id() + "/index")
                .toList();
        Bucket failing = FailingBucket.when(
                bed.bucket,
                call -> keys.stream().anyMatch(call::endsWith),
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call + ": the test", null));

        Cycle.Result result = bed.cycle(failing);

        assertThat(result.upkeep().round().failures())
                .hasSize(1)
                .hasKeySatisfying(new org.assertj.core.api.Condition<>(name -> name.contains("site-000"), "its name"));
        assertThat(blocks("site-001")).isEqualTo(3);
        bed.later(CycleBed.LEASE_OVER);
        bed.cycle();
        requireAllDoneBut(Set.of());
    }

    /// A defect of ours, or too little memory.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whateverEndsOneStreamEndsNoOther(boolean isError) throws Exception {
        Set<BlockId> theirs = new TreeSet<>();
        ofSite("site-000").forEach(block -> theirs.add(block.meta().id()));
        Bucket failing = new ForwardingBucket(bed.bucket) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                if (theirs.stream().anyMatch(id -> call.toString().equals("getRange " + id + "/index"))) {
                    if (isError) {
                        throw new OutOfMemoryError("the test's");
                    }
                    throw new IllegalStateException("the test's");
                }
                return work.on(inner());
            }
        };

        Cycle.Result result = bed.cycle(failing);

        assertThat(result.upkeep().round().failures()).hasSize(1);
        assertThat(result.upkeep().round().failures().values())
                .first()
                .asString()
                .contains("the test's");
        assertThat(blocks("site-001")).isEqualTo(3);
        assertThat(blocks("site-000")).isEqualTo(theirs.size());
    }

    @Test
    void aStreamThatAnotherHasIsLeftAndTheOtherIsDone() throws Exception {
        RecordingBucket recorded = new RecordingBucket(bed.bucket);
        Bucket killed = FailingBucket.when(
                recorded,
                call -> !call.contains("edgeship/fleet/")
                        && recorded.keysOf("putIfAbsent").size() >= 1,
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call + ": the test", null));
        bed.cycle(killed); // leaves the lock of one stream behind

        Cycle.Result busy = bed.cycle();

        assertThat(busy.upkeep().round().busy()).hasSize(1);
        assertThat(bed.live()).hasSize(3 + shipped.size() / 2);
        bed.later(CycleBed.LEASE_OVER);
        bed.cycle();
        requireAllDoneBut(Set.of());
    }

    /// Once the first block is seen its stream belongs to another.
    @Test
    void aStreamThatIsTakenAwayIsNeitherWrittenNorMarked() throws Exception {
        Bucket robbed = new ForwardingBucket(bed.bucket) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                T result = work.on(inner());
                if (call.method().equals("completeUpload") || call.key().endsWith("/chunks/000001")) {
                    bed.bucket.keys("edgeship/locks/").forEach(bed.bucket::remove);
                }
                return result;
            }
        };

        Cycle.Result result = bed.cycle(robbed);

        assertThat(result.upkeep().round().busy()).hasSize(2);
        assertThat(result.upkeep().round().marked()).isEmpty();
        assertThat(bed.live()).hasSize(shipped.size());
        bed.later(CycleBed.LEASE_OVER);
        bed.cycle();
        requireAllDoneBut(Set.of());
    }

    @Test
    void anotherBlockInTheWayOfOneStreamIsLeftAsItIs() throws Exception {
        bed.cycle();
        BlockId taken = bed.live(0).getFirst().meta().id();
        ship();
        bed.bucket.set(taken + "/deletion-mark.json", "{}".getBytes(UTF_8));

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().round().failures()).hasSize(1);
        assertThat(result.upkeep().round().failures().values())
                .first()
                .asString()
                .contains(taken.toString());
        assertThat(bed.live()).hasSize(3 + shipped.size() / 2);
    }

    @Test
    void aProcessThatIsToEndBeginsNothing() throws Exception {
        Cycle cycle = bed.process(bed.bucket);
        cycle.stop();

        cycle.run();

        assertThat(bed.live()).hasSize(shipped.size());
        assertThat(bed.bucket.keys("edgeship/locks/")).isEmpty();
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        Map<String, byte[]> before = bed.content();
        RecordingBucket recorded = new RecordingBucket(bed.bucket);

        assertThat(bed.process(recorded).dryRun().planned().plans()).hasSize(2);

        assertThat(recorded.calls()).allMatch(call -> call.matches("(list|get|getRange|head) .*"));
        assertThat(bed.content()).containsExactlyEntriesOf(before);
    }

    /// Blocks of one window in any order, a cycle after each or after all: readers see the same samples.
    @Test
    void inWhateverOrderBlocksArriveTheSamplesAreTheSame() throws Exception {
        List<String> raw = bed.samples(bed.live());
        for (long seed = 1; seed <= 5; seed++) {
            List<BlockId> order = new ArrayList<>(shipped);
            Collections.shuffle(order, new Random(seed));
            bed.startOver(List.of());
            for (BlockId block : order) {
                bed.ship(block);
                bed.later(Duration.ofSeconds(2));
                bed.cycle();
            }
            bed.later(Duration.ofSeconds(2));
            bed.cycle();
            assertThat(bed.samples(bed.live(0))).as("seed %d", seed).isEqualTo(raw);
            for (long resolution : RESOLUTIONS) {
                assertThat(bed.sources(resolution)).as("seed %d", seed).containsExactlyElementsOf(shipped);
                assertThat(bed.live(resolution)).as("seed %d", seed).hasSize(2);
            }
            requireNothingToDo();
        }
    }

    @Test
    void aSecondCycleWritesTheIndexOnly() throws Exception {
        bed.cycle();
        requireAllDoneBut(Set.of());
        requireNothingToDo();
    }

    private void requireNothingToDo() throws Exception {
        bed.later(Duration.ofSeconds(2));
        bed.cycle(); // sees marks of the one before
        bed.later(Duration.ofSeconds(2));
        RecordingBucket recorded = new RecordingBucket(bed.bucket);
        bed.cycle(recorded);
        assertThat(recorded.calls().stream().filter(call -> !call.matches("(list|get|getRange|head|listUploads) .*")))
                .containsExactly("put " + BucketLayout.BUCKET_INDEX);
    }

    private static List<BlockId> others(Set<BlockId> bad) {
        return shipped.stream().filter(id -> !bad.contains(id)).toList();
    }

    private static List<BucketBlock> ofSite(String site) throws IOException {
        return bed.live().stream()
                .filter(block -> site.equals(block.labels().get("site")))
                .toList();
    }

    private static int blocks(String site) throws IOException {
        return ofSite(site).size();
    }

    /// All good blocks are in a few compacted ones, of every resolution.
    private static void requireAllDoneBut(Set<BlockId> bad) throws IOException {
        for (long resolution : RESOLUTIONS) {
            List<BucketBlock> good = bed.live(resolution).stream()
                    .filter(block -> !bad.contains(block.meta().id()))
                    .toList();
            Set<BlockId> held = new TreeSet<>();
            good.forEach(block -> held.addAll(block.sources()));
            assertThat(held).as("at %d ms", resolution).containsExactlyElementsOf(others(bad));
            assertThat(good).as("at %d ms", resolution).hasSizeLessThanOrEqualTo(2 + bad.size());
        }
    }
}
