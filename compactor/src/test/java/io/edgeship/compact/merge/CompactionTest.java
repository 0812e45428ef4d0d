package io.edgeship.compact.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
    private static final List<Long> ALL = List.of(0L, 300_000L, 3_600_000L);
    private static final MergeRules RULES = new MergeRules(MergeRules.Overlaps.ONE_TO_ONE, List.of("replica"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private final MemoryBucket bucket = new MemoryBucket();
    private final RecordingBucket recorded = new RecordingBucket(bucket);

    @SuppressWarnings("NullAway.Init") // made before each test
    private List<BucketBlock> sources;

    @BeforeEach
    void fill() throws IOException {
        MergeBed.fill(bucket, dir.resolve("made"), "sites=1,series=60,days=1,step=60s");
        sources = MergeBed.blocks(bucket);
    }

    @Test
    void makesTheBlockAndItsDownsampledOnes() throws IOException {
        Compacted compacted = run(bucket, ALL);

        assertThat(compacted.written())
                .extracting(BucketBlock::resolutionMillis)
                .isEqualTo(ALL);
        assertThat(compacted.outdated()).containsExactlyElementsOf(ids(sources));
        for (BucketBlock block : compacted.written()) {
            assertThat(verdict(block.meta().id())).isInstanceOf(Verdict.Sound.class);
        }
        BlockMeta raw = meta(compacted.written().getFirst());
        assertThat(raw.stats().numSamples())
                .isEqualTo(sources.stream()
                        .mapToLong(source -> source.meta().stats().numSamples())
                        .sum());
    }

    @Test
    void itsMetaJsonSaysWhatItIsMadeOf() throws IOException {
        for (BucketBlock block : run(bucket, ALL).written()) {
            BlockMeta meta = meta(block);
            assertThat(meta.compaction().level()).isEqualTo(2);
            assertThat(meta.compaction().sources()).containsExactlyElementsOf(new TreeSet<>(ids(sources)));
            assertThat(meta.compaction().parents())
                    .extracting(BlockMeta.Parent::id)
                    .containsExactlyElementsOf(ids(sources));
            ThanosMeta thanos = Objects.requireNonNull(meta.thanos());
            assertThat(thanos.source()).isEqualTo("compactor");
            assertThat(thanos.labels()).isEqualTo(Map.of("site", "site-000"));
            assertThat(thanos.segmentFiles()).containsExactly("000001");
            assertThat(thanos.uploadTime()).isNotNull();
            assertThat(thanos.extension("edgeship").text("compacted"))
                    .contains(meta.id().toString());
            assertThat(thanos.toJson().object("index_stats").integer("series_max_size", 0))
                    .isPositive();
            for (BlockFile file : thanos.files().subList(0, 2)) {
                assertThat(bucket.bytes(meta.id() + "/" + file.relativePath())).hasSize((int) file.sizeBytes());
            }
            assertThat(thanos.files().getLast().relativePath()).isEqualTo("meta.json");
        }
    }

    /// As Thanos keeps them; whatever shape they have.
    @Test
    void extensionsThatAllSourcesHaveStay() throws IOException {
        for (String common : List.of("{\"a\": {\"x\": 1}, \"b\": [2]}", "{\"a\": 7, \"edgeship\": 8}")) {
            for (BucketBlock source : sources) {
                String key = source.meta().id() + "/meta.json";
                String json = new String(Objects.requireNonNull(bucket.bytes(key)), UTF_8);
                String changed = json.replaceAll("(?s),\\s*\"extensions\".*?(?=,\\s*\"upload_time\")", "");
                String own = source.equals(sources.getFirst()) ? ", \"own\": 1}" : "}";
                String extensions = common.substring(0, common.length() - 1) + own;
                bucket.set(
                        key,
                        changed.replace("\"upload_time\"", "\"extensions\": " + extensions + ", \"upload_time\"")
                                .getBytes(UTF_8));
            }
            sources = MergeBed.blocks(bucket).subList(0, 12);
            BucketBlock block = run(bucket, List.of(0L)).written().getFirst();

            JsonObject thanos = Objects.requireNonNull(meta(block).thanos()).toJson();
            assertThat(thanos.object("extensions").has("own")).as(common).isFalse();
            assertThat(thanos.object("extensions").object("edgeship").has("compacted"))
                    .as(common)
                    .isTrue();
            assertThat(thanos.object("extensions").has("b")).as(common).isEqualTo(common.contains("b"));
            for (String key : bucket.keys(block.meta().id() + "/")) {
                bucket.remove(key);
            }
        }
    }

    @Test
    void aBlockThatIsOnlyDownsampledKeepsItsLineage() throws IOException {
        BucketBlock raw = run(bucket, List.of(0L)).written().getFirst();
        Compacted coarser = new Compaction(bucket, RULES)
                .run(MergeBed.plan(List.of(raw), List.of(300_000L, 3_600_000L)), () -> true, _ -> {});

        assertThat(coarser.written()).hasSize(2);
        for (BucketBlock block : coarser.written()) {
            assertThat(meta(block).compaction()).isEqualTo(meta(raw).compaction());
        }
    }

    @Test
    void downsamplingInOnePassIsDownsamplingLater() throws IOException {
        List<BucketBlock> inOne = run(bucket, ALL).written();
        Compacted later = new Compaction(bucket, RULES)
                .run(MergeBed.plan(List.of(inOne.getFirst()), List.of(300_000L, 3_600_000L)), () -> true, _ -> {});

        for (int i = 0; i < 2; i++) {
            BlockId one = inOne.get(i + 1).meta().id();
            BlockId two = later.written().get(i).meta().id();
            assertThat(one).isNotEqualTo(two);
            for (String file : List.of("index", "chunks/000001")) {
                assertThat(bucket.bytes(one + "/" + file)).isEqualTo(bucket.bytes(two + "/" + file));
            }
        }
    }

    @Test
    void asManyRequestsAsThereAreBlocks() throws IOException {
        run(recorded, ALL);

        assertThat(recorded.keysOf("get")).isEmpty();
        assertThat(recorded.keysOf("getRange")).hasSize(2 * sources.size() + 3); // index, chunks; the new indexes
        assertThat(recorded.keysOf("put")).hasSize(6);
        assertThat(recorded.keysOf("putIfAbsent")).hasSize(3);
        assertThat(recorded.keysOf("confirm")).hasSize(9);
        assertThat(recorded.keysOf("list")).hasSize(3);
        assertThat(recorded.keysOf("listUploads")).hasSize(3);
        assertThat(recorded.calls()).hasSize(2 * sources.size() + 3 + 6 + 3 + 9 + 6);
    }

    @Test
    void doneAgainItWritesNothing() throws IOException {
        List<BlockId> first = ids(run(bucket, ALL).written());
        List<BlockId> again = ids(run(recorded, ALL).written());

        assertThat(again).isEqualTo(first);
        assertThat(recorded.calls()).noneMatch(call -> call.startsWith("put") || call.startsWith("createUpload"));
    }

    @Test
    void anotherBlockOfItsNameIsInTheWay() throws IOException {
        BucketBlock written = run(bucket, ALL).written().get(1);
        String key = written.meta().id() + "/meta.json";
        byte[] json = bucket.bytes(key);
        bucket.set(key, new String(json, UTF_8).replace("site-000", "site-007").getBytes(UTF_8));

        assertThatThrownBy(() -> run(bucket, ALL))
                .isInstanceOfSatisfying(
                        InTheWayException.class,
                        e -> assertThat(e.block()).isEqualTo(written.meta().id()));
    }

    @Test
    void oneThatIsBeingDeletedIsInTheWay() throws IOException {
        BlockId id = run(bucket, ALL).written().get(1).meta().id();
        bucket.remove(id + "/meta.json");
        bucket.set(id + "/deletion-mark.json", new byte[0]);

        assertThatThrownBy(() -> run(bucket, ALL)).isInstanceOf(InTheWayException.class);
    }

    @Test
    void whatAKilledRunLeftIsWrittenOverOrRemoved() throws IOException {
        List<BucketBlock> before = run(bucket, ALL).written();
        Map<String, String> content = MergeBed.content(bucket);
        for (BucketBlock block : before) {
            bucket.remove(block.meta().id() + "/meta.json");
            bucket.set(block.meta().id() + "/index", new byte[10]);
            bucket.set(block.meta().id() + "/chunks/000002", new byte[10]);
            bucket.createUpload(block.meta().id() + "/chunks/000001");
        }
        run(bucket, ALL);

        assertThat(MergeBed.content(bucket)).isEqualTo(content);
        assertThat(bucket.listUploads("")).isEmpty();
    }

    @Test
    void aStreamThatIsLostIsNotWritten() {
        List<String> before = bucket.keys("").stream()
                .filter(key -> key.endsWith("meta.json"))
                .toList();

        assertThatThrownBy(() -> new Compaction(bucket, RULES).run(MergeBed.plan(sources, ALL), () -> false, _ -> {}))
                .isInstanceOf(LostStreamException.class);
        assertThat(bucket.keys("").stream().filter(key -> key.endsWith("meta.json")))
                .containsExactlyElementsOf(before);
    }

    @Test
    void whereOnlyAReplicaLabelWasOneStays() throws IOException {
        for (BucketBlock source : sources) {
            String key = source.meta().id() + "/meta.json";
            String json = new String(Objects.requireNonNull(bucket.bytes(key)), UTF_8);
            bucket.put(key, Body.of(json.replace("\"site\"", "\"replica\"").getBytes(UTF_8)));
        }
        sources = MergeBed.blocks(bucket);
        var plan = MergeBed.plan(sources, List.of(0L));
        var without = new io.edgeship.compact.plan.CompactionPlan(
                io.edgeship.compact.plan.Stream.of(sources.getFirst(), List.of("replica")),
                plan.sources(),
                plan.range(),
                plan.resolutions(),
                plan.outdated(),
                false,
                plan.cost(),
                plan.why());

        Compacted compacted = new Compaction(bucket, RULES).run(without, () -> true, _ -> {});

        assertThat(compacted.written().getFirst().labels()).isEqualTo(Map.of("replica", "deduped"));
    }

    private Compacted run(Bucket into, List<Long> resolutions) throws IOException {
        return new Compaction(into, RULES).run(MergeBed.plan(sources, resolutions), () -> true, _ -> {});
    }

    private static List<BlockId> ids(List<BucketBlock> blocks) {
        return blocks.stream().map(block -> block.meta().id()).toList();
    }

    private BlockMeta meta(BucketBlock block) throws IOException {
        return MetaFile.read(bucket, block.meta().id() + "/meta.json").orElseThrow();
    }

    private Verdict verdict(BlockId id) throws IOException {
        Path block = dir.resolve(id.toString());
        for (String key : bucket.keys(id + "/")) {
            Path file = dir.resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, Objects.requireNonNull(bucket.bytes(key)));
        }
        return BlockVerifier.verify(block);
    }
}
