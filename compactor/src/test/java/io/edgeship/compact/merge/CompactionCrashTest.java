package io.edgeship.compact.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Fails and stops a compaction wherever it can be, and damages its sources wherever they can be.
class CompactionCrashTest {
    private static final MergeRules RULES = new MergeRules(MergeRules.Overlaps.ONE_TO_ONE, List.of());
    private static final List<Long> BOTH = List.of(0L, 300_000L);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final Map<String, byte[]> filled = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // made before each test
    private MemoryBucket bucket;

    @SuppressWarnings("NullAway.Init") // likewise
    private List<BucketBlock> sources;

    @SuppressWarnings("NullAway.Init") // likewise
    private Map<String, String> done;

    @BeforeEach
    void fill() throws IOException {
        bucket = new MemoryBucket();
        MergeBed.fill(bucket, dir, "sites=1,series=20,days=1,step=120s");
        sources = MergeBed.blocks(bucket).subList(0, 4);
        for (String key : bucket.keys("")) {
            filled.put(key, Objects.requireNonNull(bucket.bytes(key)));
        }
        run(bucket);
        done = MergeBed.content(bucket);
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatFailsChangesNothingInTheEnd(Moment moment) throws IOException {
        for (int call = 1; call <= calls(); call++) {
            startOver();
            try {
                run(FailingBucket.onCall(bucket, call, moment));
            } catch (BucketException e) {
                requireNothingHalf(call);
                run(bucket);
            }
            requireDone("call %d failed %s".formatted(call, moment));
        }
    }

    /// As if killed: nothing that would tidy up reaches the store either.
    @ParameterizedTest
    @EnumSource
    void aRunThatIsKilledAnywhereIsDoneByTheNext(Moment moment) throws IOException {
        for (int call = 1; call <= calls(); call++) {
            startOver();
            int from = call;
            assertThatThrownBy(() -> run(FailingBucket.fromCall(bucket, from, moment)))
                    .as("killed at call %d", call)
                    .isInstanceOf(IOException.class);
            requireNothingHalf(call);
            run(bucket);
            requireDone("killed at call %d %s".formatted(call, moment));
        }
    }

    @Test
    void aSourceThatIsCutIsNamed() throws IOException {
        BucketBlock victim = sources.get(2);
        for (String file : List.of("index", "chunks/000001")) {
            String key = MergeBed.id(victim) + "/" + file;
            byte[] whole = Objects.requireNonNull(filled.get(key));
            for (int cut = 0; cut < whole.length; cut += 1 + whole.length / 20) {
                startOver();
                bucket.set(key, Arrays.copyOf(whole, cut));
                requirePoisoned(victim, "%s cut at %d".formatted(file, cut));
            }
        }
    }

    @Test
    void aSourceWithAFlippedBitIsNamedOrTheSame() throws IOException {
        BucketBlock victim = sources.get(2);
        List<String> unnoticed = new ArrayList<>();
        for (String file : List.of("index", "chunks/000001")) {
            String key = MergeBed.id(victim) + "/" + file;
            byte[] whole = Objects.requireNonNull(filled.get(key));
            for (int at = 0; at < whole.length; at += 1 + whole.length / 50) {
                startOver();
                byte[] flipped = whole.clone();
                flipped[at] ^= 0x10;
                bucket.set(key, flipped);
                try {
                    run(bucket);
                    unnoticed.add(file + " at " + at);
                    bucket.set(key, whole);
                    requireDone("flipped %s at %d".formatted(file, at));
                } catch (PoisonedBlockException e) {
                    assertThat(e.block()).as("flipped %s at %d", file, at).isEqualTo(MergeBed.id(victim));
                }
            }
        }
        assertThat(unnoticed).as("bytes that hold no samples").hasSizeLessThan(40);
    }

    @Test
    void sizesThatLieAreNoReasonToTakeMemory() throws IOException {
        BucketBlock victim = sources.get(1);
        String key = MergeBed.id(victim) + "/meta.json";
        String json = new String(Objects.requireNonNull(filled.get(key)), UTF_8);
        for (String size : List.of("1", "9223372036854775807", "1099511627776")) {
            startOver();
            bucket.set(
                    key,
                    json.replaceAll("\"size_bytes\": \\d+", "\"size_bytes\": " + size)
                            .getBytes(UTF_8));
            sources = MergeBed.blocks(bucket);
            requirePoisoned(victim, "size " + size);
        }
    }

    private void requirePoisoned(BucketBlock victim, String what) throws IOException {
        assertThatThrownBy(() -> run(bucket))
                .as(what)
                .isInstanceOfSatisfying(
                        PoisonedBlockException.class,
                        e -> assertThat(e.block()).as(what).isEqualTo(MergeBed.id(victim)));
        assertThat(bucket.keys("").stream().filter(key -> key.endsWith("/meta.json")))
                .as(what)
                .hasSize(12);
    }

    private int calls() throws IOException {
        startOver();
        FailingBucket counting = FailingBucket.onCall(bucket, 0, Moment.BEFORE);
        run(counting);
        return counting.calls();
    }

    private void startOver() {
        bucket.clear();
        filled.forEach(bucket::set);
    }

    /// Every block that can be seen is whole.
    private void requireNothingHalf(int call) throws IOException {
        BucketView view = new BucketSync(bucket).sync();
        assertThat(view.blocks()).as("after call %d", call).allMatch(BucketBlock::isComplete);
        assertThat(view.blocks()).as("after call %d", call).hasSizeGreaterThanOrEqualTo(12);
    }

    private void requireDone(String when) throws IOException {
        assertThat(MergeBed.content(bucket)).as(when).isEqualTo(done);
        assertThat(bucket.listUploads("")).as(when).isEmpty();
    }

    private Compacted run(Bucket through) throws IOException {
        return new Compaction(through, RULES).run(MergeBed.plan(sources, BOTH), () -> true, _ -> {});
    }
}
