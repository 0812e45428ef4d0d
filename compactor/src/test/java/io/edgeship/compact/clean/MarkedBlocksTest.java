package io.edgeship.compact.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketMemory;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many marked blocks at once.
class MarkedBlocksTest {
    private static final Duration DELAY = Duration.ofDays(2);
    private static final Duration LONG_AGO = Duration.ofDays(30);

    private final BucketMemory content = new BucketMemory();

    @Test
    void aThousandBlocksGoInFiftyRequestsAndTheOthersStay() throws Exception {
        List<BlockId> marked = fill(1000, LONG_AGO);
        content.block(BucketFolder.A, LONG_AGO);
        RecordingBucket bucket = new RecordingBucket(content.open());
        BucketView view = view();

        Cleaner.Cleaned cleaned = new Cleaner(bucket, DELAY, DELAY).clean(view, Instant.now());

        assertThat(cleaned.marked()).containsExactlyInAnyOrderElementsOf(marked);
        assertThat(content.keys())
                .allMatch(key -> key.startsWith(BucketFolder.A + "/"))
                .hasSize(3);
        assertThat(bucket.calls()).hasSizeLessThan(50);
    }

    @Test
    void noIndexGoesBeforeEveryMetaAndNoMarkBeforeEveryIndex() throws Exception {
        fill(3, LONG_AGO);
        RecordingBucket bucket = new RecordingBucket(content.open());
        BucketView view = view();

        new Cleaner(bucket, DELAY, DELAY).clean(view, Instant.now());

        List<String> waves = bucket.keysOf("deleteAll");
        assertThat(waves).hasSize(3);
        assertThat(waves.get(0).split(" ")).hasSize(3).allMatch(key -> key.endsWith("/meta.json"));
        assertThat(waves.get(1).split(" ")).hasSize(6).noneMatch(key -> key.endsWith(".json"));
        assertThat(waves.get(2).split(" ")).hasSize(3).allMatch(key -> key.endsWith("/deletion-mark.json"));
    }

    @ParameterizedTest
    @EnumSource
    void whatACrashLeavesIsFinishedByTheNextCycle(Moment moment) throws Exception {
        boolean crashed = true;
        for (int call = 1; crashed; call++) {
            content.clear();
            List<BlockId> marked = fill(5, LONG_AGO);
            content.block(BucketFolder.A, LONG_AGO);
            Bucket cut = FailingBucket.fromCall(content.open(), call, moment);

            crashed =
                    new Cleaner(cut, DELAY, DELAY).clean(view(), Instant.now()).failures() > 0;

            for (BlockId id : marked) {
                nothingIsHalfVisible(id, "cut %s call %d".formatted(moment, call));
            }
            new Cleaner(content.open(), DELAY, DELAY).clean(view(), Instant.now());
            assertThat(content.keys())
                    .as("cut %s call %d", moment, call)
                    .allMatch(key -> key.startsWith(BucketFolder.A + "/"))
                    .hasSize(3);
            assertThat(call).isLessThan(20);
        }
    }

    /// A store that dies within a request has deleted some of its keys.
    @Test
    void aRequestThatDeletedHalfOfItsKeysIsFinishedByTheNextCycle() throws Exception {
        for (int wave = 0; wave < 3; wave++) {
            content.clear();
            List<BlockId> marked = fill(4, LONG_AGO);
            int failing = wave;
            int[] waves = {0};
            Bucket half = FailingBucket.when(
                    content.open(),
                    call -> {
                        boolean fails = call.startsWith("deleteAll ") && waves[0]++ == failing;
                        if (fails) {
                            String[] keys =
                                    call.substring("deleteAll ".length()).split(" ");
                            List.of(keys).subList(0, keys.length / 2).forEach(content.open()::remove);
                        }
                        return fails;
                    },
                    Moment.BEFORE,
                    call -> new BucketException.Unavailable(call, null));

            assertThat(new Cleaner(half, DELAY, DELAY)
                            .clean(view(), Instant.now())
                            .failures())
                    .isEqualTo(4);

            for (BlockId id : marked) {
                nothingIsHalfVisible(id, "wave " + wave);
            }
            new Cleaner(content.open(), DELAY, DELAY).clean(view(), Instant.now());
            assertThat(content.keys()).as("wave %d", wave).isEmpty();
        }
    }

    @Test
    void oneThatMayNotBeDeletedStopsNoOther() throws Exception {
        List<BlockId> marked = fill(4, LONG_AGO);
        Bucket denying = FailingBucket.when(
                content.open(),
                call -> call.contains("delete") && call.contains(marked.get(2) + "/"),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call, null));

        Cleaner.Cleaned cleaned = new Cleaner(denying, DELAY, DELAY).clean(view(), Instant.now());

        assertThat(cleaned.marked()).hasSize(3).doesNotContain(marked.get(2));
        assertThat(cleaned.failures()).isEqualTo(1);
        assertThat(content.keysOf(marked.get(2))).hasSize(4);
    }

    @Test
    void aMarkThatWasTakenBackOrSetAnewSavesItsBlockAlone() throws Exception {
        List<BlockId> marked = fill(4, LONG_AGO);
        BucketView view = view();
        content.delete(marked.get(0) + "/deletion-mark.json");
        content.mark(marked.get(1), Duration.ZERO);

        Cleaner.Cleaned cleaned = new Cleaner(content.open(), DELAY, DELAY).clean(view, Instant.now());

        assertThat(cleaned.marked()).containsExactlyInAnyOrderElementsOf(marked.subList(2, 4));
        assertThat(content.keysOf(marked.get(0))).hasSize(3);
        assertThat(content.keysOf(marked.get(1))).hasSize(4);
    }

    private void nothingIsHalfVisible(BlockId id, String when) {
        List<String> files = filesOf(id);
        if (files.contains("meta.json")) {
            assertThat(files).as(when).hasSize(4);
        } else if (!files.isEmpty()) {
            assertThat(files).as(when).contains("deletion-mark.json");
        }
    }

    private List<String> filesOf(BlockId id) {
        try {
            return content.keysOf(id);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<BlockId> fill(int blocks, Duration age) throws IOException {
        List<BlockId> marked = new ArrayList<>();
        for (int i : IntStream.range(0, blocks).toArray()) {
            BlockId id = new BlockId(BucketFolder.B.high() + ((long) i << 28), i);
            content.block(id, age).mark(id, age);
            marked.add(id);
        }
        return marked;
    }

    private BucketView view() throws IOException {
        return new BucketSync(content.open()).sync();
    }
}
