package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A small object that the store does not hand out for a while.
class CycleUnreadTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init") // made before each test
    private CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private List<BlockId> sources;

    @BeforeEach
    void ship() throws IOException {
        bed = new CycleBed(dir, CycleBed.NO_WAITS).makeUp("sites=1,series=2,days=1,step=600s,start=2024-01-04");
        sources = bed.shipped().subList(2, 10);
        bed.startOver(sources);
    }

    @Test
    void aWindowWaitsForABlockWhoseMetaJsonCannotBeReadInOneCycle() throws Exception {
        for (BlockId victim : sources) {
            bed.startOver(sources);
            Cycle.Result result = bed.cycle(without(victim + "/meta.json"));

            assertThat(result.upkeep().round().done()).isEmpty();
            assertThat(result.upkeep().round().left().left().values())
                    .as("left without %s", victim)
                    .hasSize(sources.size() - 1)
                    .allMatch(why -> why.contains(victim.toString()) && why.contains("could not be read"));
            requireUntouched();

            Cycle.Result next = bed.cycle();
            assertThat(next.upkeep().round().done()).hasSize(1);
            assertThat(bed.live()).hasSize(3);
        }
    }

    @Test
    void otherWindowsDoNotWait() throws Exception {
        bed.makeUp("sites=1,series=2,days=1,step=600s,start=2024-03-04");
        List<BlockId> later =
                bed.shipped().subList(bed.shipped().size() - 6, bed.shipped().size() - 2);
        later.forEach(bed::ship);

        Cycle.Result result = bed.cycle(without(sources.get(3) + "/meta.json"));

        assertThat(result.upkeep().round().done()).hasSize(1);
        assertThat(bed.sources(3_600_000)).containsExactlyElementsOf(later);
    }

    @Test
    void aBlockThatCanNeverBeReadIsNotWaitedForForEver() throws Exception {
        BlockId victim = sources.get(3);
        Cycle process = bed.process(without(victim + "/meta.json"));
        for (int cycle = 1; cycle <= 3; cycle++) {
            assertThat(process.run().upkeep().round().done())
                    .as("cycle %d", cycle)
                    .isEmpty();
            bed.later(Duration.ofSeconds(2));
        }

        process.run();

        assertThat(bed.live(3_600_000))
                .hasSize(1)
                .noneMatch(block -> block.sources().contains(victim));
        assertThat(bed.bucket.keys(victim + "/")).contains(victim + "/meta.json", victim + "/index");
    }

    /// Of a window that was compacted: nothing is made anew while one of its blocks is not seen, late block or not.
    @ParameterizedTest
    @ValueSource(longs = {0, 300_000, 3_600_000})
    void aCompactedWindowIsNotMadeAnew(long resolutionMillis) throws Exception {
        bed.cycle();
        bed.later(Duration.ofSeconds(2));
        String unread = bed.live(resolutionMillis).getFirst().meta().id() + "/meta.json";
        Set<String> before = Set.copyOf(bed.bucket.keys(""));

        Cycle.Result result = bed.cycle(without(unread));

        assertThat(result.upkeep().round().done()).isEmpty();
        assertThat(result.upkeep().round().marked()).isEmpty();
        assertThat(bed.bucket.keys("")).containsExactlyInAnyOrderElementsOf(before);

        bed.ship(bed.shipped().getFirst()); // late
        bed.later(Duration.ofSeconds(2));
        assertThat(bed.cycle(without(unread)).upkeep().round().done()).isEmpty();
        bed.later(Duration.ofSeconds(2));
        assertThat(bed.cycle().upkeep().round().done()).hasSize(1);
        assertThat(bed.live())
                .hasSize(3)
                .allMatch(block -> block.sources().contains(bed.shipped().getFirst()));
    }

    @Test
    void aBlockWhoseDeletionMarkCannotBeReadIsNeitherUsedNorMarkedAnewNorRemoved() throws Exception {
        bed.cycle();
        bed.later(Duration.ofDays(30)); // all marks are due
        BlockId marked = sources.get(4);
        String mark = marked + "/deletion-mark.json";
        Map<String, byte[]> before = bed.content();

        Cycle.Result result = bed.cycle(without(mark));

        assertThat(result.upkeep().round().done()).isEmpty();
        assertThat(result.upkeep().round().marked()).isEmpty();
        assertThat(bed.bucket.bytes(mark)).isEqualTo(before.get(mark));
        assertThat(bed.bucket.keys(marked + "/")).contains(marked + "/meta.json", marked + "/index");
        assertThat(bed.visible()).hasSize(4);
        bed.later(Duration.ofSeconds(2));
        bed.cycle();
        assertThat(bed.visible()).hasSize(3);
    }

    /// What Thanos left long ago is no new trace of it once it can be read again.
    @Test
    void aBlockOfThanosThatCouldNotBeReadForACycleIsNoNewTraceOfIt() throws Exception {
        BlockId foreign = sources.getFirst();
        String key = foreign + "/meta.json";
        String json = new String(bed.content().get(key), java.nio.charset.StandardCharsets.UTF_8);
        bed.bucket.set(
                key,
                json.replaceFirst("\"source\": \"[^\"]*\"", "\"source\": \"compactor\"")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(bed.cycle(without(sources.get(1) + "/meta.json")).upkeep().refused())
                .isEmpty(); // sees it
        bed.later(Duration.ofSeconds(2));
        assertThat(bed.cycle(without(key)).upkeep().refused()).isEmpty();
        bed.later(Duration.ofSeconds(2));

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().refused()).isEmpty();
        assertThat(bed.live()).hasSize(3);
    }

    private Bucket without(String key) {
        return FailingBucket.when(
                bed.bucket,
                call -> call.equals("get " + key),
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call + ": the test", null));
    }

    private void requireUntouched() throws IOException {
        assertThat(bed.live())
                .extracting(BucketBlock::meta)
                .extracting(meta -> meta.id())
                .isEqualTo(sources);
        assertThat(bed.bucket.keys("")).noneMatch(key -> key.endsWith("-mark.json"));
    }
}
