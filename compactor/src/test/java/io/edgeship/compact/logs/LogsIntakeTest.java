package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.block.loki.LokiIndexSeries;
import io.edgeship.block.loki.LokiIndexWriter;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Receipt.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogsIntakeTest {
    private static final int PIECE = 10_007;

    private final LogsBed bed = new LogsBed();

    private static TestSegment segment(String site, long sequence) throws IOException {
        return new TestSegment(site, id(sequence), sequence, golden(GOLDEN.resolve("codecs"), site, "fleet"), PIECE);
    }

    @Test
    void chunksOfEveryCodecThatCameInPiecesAreIndexed() throws Exception {
        TestSegment segment = segment("a", 1).put(bed.bucket);

        LogsResult result = bed.run();

        bed.holds(segment, "after a cycle");
        assertThat(segment.chunks).hasSize(9);
        assertThat(result.problem()).isEmpty();
        assertThat(result.taken().accepted()).isEqualTo(1);
        assertThat(result.chunks()).isEqualTo(9);
        assertThat(bed.indexes())
                .singleElement()
                .asString()
                .matches("index/index_20778/fleet/\\d{19}-compactor-\\d+-\\d+-[0-9a-f]+\\.tsdb\\.gz");
    }

    /// Loki's own index of the same chunks is one of all tenants: each stream bears its tenant as a label.
    @Test
    void theIndexIsLokisOwnToTheByte() throws Exception {
        bed.verbatim = Set.of("acme", "fake");
        new TestSegment("a", id(1), 1, golden(GOLDEN.resolve("whole"), "a", null), PIECE).put(bed.bucket);

        bed.run();

        List<LokiIndexSeries> all = new ArrayList<>();
        for (String path : bed.indexes()) {
            for (LokiIndexSeries series : bed.index(path).series()) {
                TreeMap<String, String> labels = new TreeMap<>(series.labels());
                labels.put("__loki_tenant__", path.split("/", -1)[2]);
                all.add(new LokiIndexSeries(series.fingerprint(), labels, series.chunks()));
            }
        }
        var lokis = GOLDEN.resolve("whole/index/index_20778/1795331773-vm-1795331773194354719.tsdb.gz");
        assertThat(bed.indexes()).hasSize(2);
        try (var packed = Files.newInputStream(lokis)) {
            assertThat(LokiIndexWriter.write(all)).isEqualTo(LokiIndexReader.unpack("golden", packed));
        }
    }

    @Test
    void segmentsOfACycleShareTheIndexOfATenant() throws Exception {
        TestSegment a = segment("a", 1).put(bed.bucket);
        TestSegment b = segment("b", 2).put(bed.bucket);

        assertThat(bed.run().indexes()).isEqualTo(1);

        assertThat(bed.indexes()).hasSize(1);
        bed.holds(a, "of a");
        bed.holds(b, "of b");
    }

    @Test
    void chunksThatLieInTheirPlacesAreLookedAtAndIndexed() throws Exception {
        TestSegment segment =
                new TestSegment("a", id(1), 1, golden(GOLDEN.resolve("codecs"), "a", "a.acme"), 0).put(bed.bucket);

        bed.run();

        bed.holds(segment, "in place");
    }

    @Test
    void aChunkThatIsNotInItsPlaceOrIsAnotherIsAskedForAndNothingIsIndexed() throws Exception {
        TestSegment segment =
                new TestSegment("a", id(1), 1, golden(GOLDEN.resolve("codecs"), "a", "fleet"), 0).put(bed.bucket);
        List<String> paths = List.copyOf(segment.chunks.keySet());
        bed.bucket.delete(paths.get(1));
        byte[] cut = java.util.Arrays.copyOf(bed.bucket.read(paths.get(3)), 100);
        bed.bucket.put(paths.get(3), cut, Duration.ZERO);

        assertThat(bed.run().taken().missing()).isEqualTo(1);
        assertThat(bed.run().taken().missing()).as("told once").isZero();

        assertThat(bed.receipt(segment).getVerdict()).isEqualTo(Verdict.VERDICT_MISSING);
        assertThat(bed.receipt(segment).getMissingList())
                .extracting(piece -> piece.getLength())
                .containsExactly(chunk(segment, paths.get(1)).length, chunk(segment, paths.get(3)).length);
        assertThat(bed.indexes()).isEmpty();

        segment.putData(bed.bucket).putManifest(bed.bucket, segment.manifest().setAttempt(2));
        bed.run();
        bed.holds(segment, "once they are there");
    }

    private static byte[] chunk(TestSegment segment, String path) {
        return java.util.Objects.requireNonNull(segment.chunks.get(path));
    }

    @Test
    void damagedAndMissingPiecesAreAskedForByName() throws Exception {
        TestSegment segment = segment("a", 1).put(bed.bucket);
        List<PieceName> pieces = segment.pieces();
        byte[] damaged = bed.bucket.read(segment.prefix() + pieces.get(2));
        damaged[17] ^= 1;
        bed.bucket.put(segment.prefix() + pieces.get(2), damaged, Duration.ZERO);

        bed.run();

        assertThat(bed.receipt(segment).getMissingList())
                .extracting(piece -> piece.getOffset())
                .containsExactly(pieces.get(2).offset());
        assertThat(bed.indexes()).isEmpty();

        bed.bucket.delete(segment.prefix() + pieces.get(5));
        bed.bucket.delete(segment.prefix() + pieces.get(1));
        segment.putManifest(bed.bucket, segment.manifest().setAttempt(2));
        bed.run();
        assertThat(bed.receipt(segment).getMissingList())
                .extracting(piece -> piece.getOffset())
                .containsExactly(pieces.get(1).offset(), pieces.get(5).offset());

        segment.putData(bed.bucket).putManifest(bed.bucket, segment.manifest().setAttempt(3));
        bed.run();
        bed.holds(segment, "sent again");
    }

    @Test
    void theSameChunksOnceMoreChangeNothing() throws Exception {
        TestSegment first = segment("a", 1).put(bed.bucket);
        bed.run();
        List<String> before = bed.keys("index/");
        TestSegment again = new TestSegment("a", id(9), 2, first.chunks, 999).put(bed.bucket);

        bed.run();

        bed.holds(again, "once more");
        assertThat(bed.keys("index/")).isEqualTo(before);
    }

    @Test
    void aDamagedChunkInTheBucketIsMended() throws Exception {
        TestSegment segment = segment("a", 1).put(bed.bucket);
        String path = segment.chunks.keySet().iterator().next();
        bed.bucket.put(path, "torn".getBytes(java.nio.charset.StandardCharsets.UTF_8), Duration.ZERO);

        bed.run();

        bed.holds(segment, "mended");
    }

    @Test
    void aDamagedIndexOfTheNameIsWrittenAnewAndOneOfOtherChunksIsKept() throws Exception {
        TestSegment segment = segment("a", 1).put(bed.bucket);
        bed.run();
        String index = bed.indexes().getFirst();
        byte[] whole = bed.bucket.read(index);
        new TestSegment("b", id(2), 1, golden(GOLDEN.resolve("codecs/gzip"), "b", "fleet"), PIECE).put(bed.bucket);
        bed.run();
        String other = bed.indexes().stream()
                .filter(key -> !key.equals(index))
                .findFirst()
                .orElseThrow();
        byte[] others = bed.bucket.read(other);

        bed.bucket.put(index, java.util.Arrays.copyOf(whole, 50), Duration.ZERO);
        TestSegment again = new TestSegment("a", id(3), 2, segment.chunks, PIECE).put(bed.bucket);
        bed.run();
        assertThat(bed.bucket.read(index)).isEqualTo(whole);
        bed.holds(again, "the index was damaged");

        bed.bucket.put(index, others, Duration.ZERO);
        TestSegment third = new TestSegment("a", id(4), 3, segment.chunks, PIECE).put(bed.bucket);
        assertThat(bed.run().taken().failures()).isEqualTo(1);
        assertThat(bed.bucket.read(index)).as("never replaced").isEqualTo(others);
        assertThat(bed.receipt(third).getVerdict()).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
    }

    @Test
    void whatTheCentralLokiCouldNotReadIsHeldAndNamed() throws Exception {
        TestSegment segment = segment("a", 1).put(bed.bucket);
        List<String> before = bed.keysButLocks();
        for (String schema : List.of(
                LogsBed.LOKI.replace("2024-01-01", "2027-01-01"),
                LogsBed.LOKI.replace("v13", "v11"),
                LogsBed.LOKI.replace("tsdb", "boltdb-shipper"),
                LogsBed.LOKI.replace("24h", "48h"))) {
            bed.loki = schema;

            assertThat(bed.run().taken().held()).as(schema).isEqualTo(1);
            assertThat(bed.keysButLocks()).as(schema).isEqualTo(before);
        }

        bed.loki = LogsBed.LOKI.replace("24h", "1d").replace("index_", "logs_");
        bed.run();
        bed.holds(segment, "once the schema is there");
        assertThat(bed.indexes()).allMatch(key -> key.startsWith("index/logs_20778/"));
    }

    @Test
    void nothingIsTakenInWhileTheCentralLokiIsNotKnownOrLooksElsewhere() throws Exception {
        segment("a", 1).put(bed.bucket);
        List<String> before = bed.bucket.keys();

        bed.loki = "server: {}";
        assertThat(bed.run().problem().orElse("")).contains("schema_config");
        bed.loki = LogsBed.LOKI + "storage_config: {object_store: {storage_prefix: loki}}";
        assertThat(bed.run().problem().orElse("")).contains("'loki' (storage_prefix)");

        assertThat(bed.bucket.keys()).isEqualTo(before);
    }

    @Test
    void theLastKnownConfigurationIsGoodWhileLokiIsDown() throws Exception {
        LogsIntake process = process();
        process.run();
        bed.loki = "nothing";
        TestSegment segment = segment("a", 1).put(bed.bucket);

        process.run();

        bed.holds(segment, "with what was read before");
    }

    private LogsIntake process() {
        return bed.process(bed.bucket.open());
    }

    @Test
    void oneBadSegmentStopsNobody() throws Exception {
        TestSegment bad = segment("a", 1);
        bad.put(bed.bucket).putManifest(bed.bucket, bad.manifest().clearLogSegment());
        TestSegment good = segment("b", 2).put(bed.bucket);

        bed.run();

        assertThat(bed.receipt(bad).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
        bed.holds(good, "beside a bad one");
    }

    @Test
    void holesInTheSequenceAreCountedUntilTheyClose() throws Exception {
        Map<String, byte[]> chunks = golden(GOLDEN.resolve("codecs/zstd"), "a", "fleet");
        new TestSegment("a", id(1), 1, chunks, PIECE).put(bed.bucket);
        new TestSegment("a", id(4), 4, chunks, PIECE).put(bed.bucket);
        SiteLogs with = bed.run().sites().getFirst().taken();
        assertThat(with.missingSegments()).isEqualTo(2);
        assertThat(with.untilMillis()).isEqualTo(TestSegment.COMPLETE_THROUGH);
        assertThat(with.lines()).isEqualTo(800);

        new TestSegment("a", id(2), 2, chunks, PIECE).put(bed.bucket);
        new TestSegment("a", id(3), 3, chunks, PIECE).put(bed.bucket);
        assertThat(bed.run().sites().getFirst().taken().missingSegments()).isZero();
        assertThat(LogsState.read(bed.bucket.open()).bySite().getFirst().missingSegments())
                .as("kept")
                .isZero();
    }
}
