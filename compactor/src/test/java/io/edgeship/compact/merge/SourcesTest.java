package io.edgeship.compact.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.compact.plan.MergeMemory;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final MemoryBucket bucket = new MemoryBucket();
    private final RecordingBucket recorded = new RecordingBucket(bucket);

    @SuppressWarnings("NullAway.Init") // made before each test
    private List<BucketBlock> blocks;

    @BeforeEach
    void fill() throws IOException {
        MergeBed.fill(bucket, dir, "sites=1,series=300,days=1,step=30s");
        blocks = MergeBed.blocks(bucket);
    }

    @Test
    void aSmallBlockCostsTwoRequests() throws IOException {
        assertThat(drain(recorded, blocks)).isGreaterThan(12 * 250);

        Map<String, Long> byBlock = recorded.calls().stream()
                .collect(Collectors.groupingBy(call -> call.replaceAll(".* |/.*", ""), Collectors.counting()));
        assertThat(byBlock).hasSize(12);
        assertThat(byBlock.values()).containsOnly(2L); // index, chunks
    }

    @Test
    void whatABlockHandsOnIsReadFromItsMeta() throws IOException {
        String key = MergeBed.id(blocks.get(3)) + "/meta.json";
        String json = new String(Objects.requireNonNull(bucket.bytes(key)), UTF_8);
        bucket.set(
                key,
                json.replace("\"source\"", "\"extensions\":{\"theirs\":{\"a\":1}},\"source\"")
                        .getBytes(UTF_8));

        drain(recorded, MergeBed.blocks(bucket));
        assertThat(recorded.calls())
                .filteredOn(call -> call.endsWith("meta.json"))
                .hasSize(1);

        drain(recorded, List.of(blocks.getFirst())); // alone: all of its lineage
        assertThat(recorded.calls())
                .filteredOn(call -> call.endsWith("meta.json"))
                .hasSize(2);
    }

    @Test
    void oneThatIsGoneMakesThePlanStale() {
        for (String file : List.of("/meta.json", "/index", "/chunks/000001")) {
            bucket.remove(MergeBed.id(blocks.get(3)) + file);
        }

        assertThatThrownBy(() -> drain(bucket, blocks))
                .isInstanceOf(StalePlanException.class)
                .hasMessageContaining(MergeBed.id(blocks.get(3)).toString());
    }

    @Test
    void aFileThatIsMissingPoisonsItsBlockOnly() {
        bucket.remove(MergeBed.id(blocks.get(3)) + "/index");

        assertThatThrownBy(() -> drain(bucket, blocks))
                .isInstanceOfSatisfying(
                        PoisonedBlockException.class, e -> assertThat(e.block()).isEqualTo(MergeBed.id(blocks.get(3))));
    }

    @Test
    void anIndexThatIsCutPoisonsItsBlock() {
        String key = MergeBed.id(blocks.get(5)) + "/index";
        byte[] index = Objects.requireNonNull(bucket.bytes(key));
        for (int cut = 0; cut < index.length; cut += 997) {
            bucket.set(key, Arrays.copyOf(index, cut));
            assertThatThrownBy(() -> drain(bucket, blocks.subList(4, 7)))
                    .as("cut at %d", cut)
                    .isInstanceOfSatisfying(
                            PoisonedBlockException.class,
                            e -> assertThat(e.block()).isEqualTo(MergeBed.id(blocks.get(5))));
        }
    }

    @Test
    void whoWaitsIsToldOfEachBlockThatWasOpened() throws IOException {
        AtomicInteger told = new AtomicInteger();

        drain(bucket, blocks, told::incrementAndGet);

        assertThat(told).hasValue(12);
    }

    @Test
    void whoWaitsMayEndIt() {
        assertThatThrownBy(() -> drain(bucket, blocks, () -> {
                    throw new IOException("the process ends");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the process ends");
    }

    private static long drain(Bucket bucket, List<BucketBlock> blocks) throws IOException {
        return drain(bucket, blocks, () -> {});
    }

    /// Reads every chunk, series by series, of all blocks side by side; returns how many series there were.
    private static long drain(Bucket bucket, List<BucketBlock> blocks, Sources.Watcher watcher) throws IOException {
        long series = 0;
        try (ReadAhead readAhead = new ReadAhead(MergeMemory.AHEAD_MAX);
                Sources sources = Sources.open(bucket, blocks, readAhead, new Traffic(), watcher)) {
            List<BlockReader.Cursor> cursors = new ArrayList<>();
            sources.list().forEach(source -> cursors.add(source.reader().cursor()));
            while (!cursors.isEmpty()) {
                for (BlockReader.Cursor cursor : List.copyOf(cursors)) {
                    BlockReader.@Nullable Series next = cursor.next();
                    if (next == null) {
                        cursors.remove(cursor);
                        continue;
                    }
                    next.readChunks();
                    series++;
                }
            }
        }
        return series;
    }
}
