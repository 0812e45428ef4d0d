package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.compact.CompactMain;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsAuditTest {
    private static final long DAY = 20_778;
    private static final String DATE = "2026-11-21";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    private final LogsBed bed = new LogsBed();
    private final Map<String, byte[]> before = new TreeMap<>();
    private final List<String> found = new ArrayList<>();
    private long looks;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void takeIn() throws Exception {
        bed.verbatim = Set.of("acme", "fake");
        new TestSegment("a", id(1), 1, golden(GOLDEN.resolve("codecs"), "a", "fleet"), 9999).put(bed.bucket);
        new TestSegment("a", id(2), 2, golden(GOLDEN.resolve("whole"), "a", null), 0).put(bed.bucket);
        bed.run();
        for (String key : bed.indexes()) {
            before.put(key, bed.bucket.read(key));
        }
        assertThat(before).hasSize(3);
    }

    private long audit(OptionalLong day) throws IOException {
        found.clear();
        return new LogsAudit(bed.bucket.open(), bed.central(), day, (_, looked) -> looks = looked)
                .run(new LogsAudit.Findings() {
                    @Override
                    public void withoutChunk(String index, LokiChunkKey chunk) {
                        found.add("no chunk " + chunk);
                    }

                    @Override
                    public void damaged(String index, String why) {
                        found.add("damaged " + index);
                    }

                    @Override
                    public void withoutIndex(LokiChunkKey chunk, long bytes, long day, Instant storedAt) {
                        found.add("no index " + chunk + " " + day);
                    }
                });
    }

    @Test
    void whatFitsIsNotNamed() throws Exception {
        assertThat(audit(OptionalLong.empty())).isEqualTo(15);
        assertThat(found).isEmpty();
        assertThat(looks).as("told at each chunk, twice, and each index").isEqualTo(33);
    }

    @Test
    void aChunkThatIsGoneAndAnIndexThatIsGoneAreNamed() throws Exception {
        String chunk = bed.stored().iterator().next();
        bed.bucket.delete(chunk);
        bed.bucket.delete(index("fleet"));

        audit(OptionalLong.empty());

        assertThat(found).hasSize(10).contains("no chunk " + chunk);
        assertThat(found.stream().filter(words -> words.startsWith("no index fleet/") && words.endsWith(" " + DAY)))
                .hasSize(9);
        audit(OptionalLong.of(DAY + 1));
        assertThat(found).as("of another day").isEmpty();
    }

    @Test
    void aDamagedIndexIsNamedAndItsChunksAreInNone() throws Exception {
        bed.bucket.put(index("acme"), new byte[] {1, 2, 3}, Duration.ZERO);

        audit(OptionalLong.empty());

        assertThat(found).hasSize(4).contains("damaged " + index("acme"));
    }

    /// As Loki's ingesters leave it for a while: one index of all tenants, right in the table's folder.
    @Test
    void anIndexOfAllTenantsCounts() throws Exception {
        before.keySet().stream().filter(key -> !key.contains("/fleet/")).forEach(this::delete);
        Path lokis = GOLDEN.resolve("whole/index/index_20778/1795331773-vm-1795331773194354719.tsdb.gz");
        bed.bucket.put("index/index_20778/" + lokis.getFileName(), Files.readAllBytes(lokis), Duration.ZERO);

        audit(OptionalLong.empty());

        assertThat(found).isEmpty();
    }

    @Test
    void lostIndexesComeBackToTheByteFromBothEndsOfTheChunks() throws Exception {
        before.keySet().forEach(this::delete);
        List<String> whole = new ArrayList<>();
        Bucket counting = FailingBucket.when(
                bed.bucket.open(),
                call -> {
                    whole.add(call);
                    return false;
                },
                Moment.BEFORE,
                call -> new BucketException.Unavailable(call, null));
        LostIndexes lost = new LostIndexes(counting, bed.central(), 3000, 500);
        rebuild(lost);

        assertThat(lost.indexes()).isEqualTo(3);
        assertThat(lost.chunks()).isEqualTo(15);
        for (var index : before.entrySet()) {
            assertThat(bed.bucket.read(index.getKey())).isEqualTo(index.getValue());
        }
        assertThat(whole.stream().filter(call -> call.startsWith("getRange ")))
                .as("two requests a chunk")
                .hasSize(30);
    }

    @Test
    void whereTheTablesDoNotFitTheChunkIsReadWhole() throws Exception {
        before.keySet().forEach(this::delete);

        rebuild(new LostIndexes(bed.bucket.open(), bed.central(), 20, 10));

        for (var index : before.entrySet()) {
            assertThat(bed.bucket.read(index.getKey())).isEqualTo(index.getValue());
        }
    }

    private void rebuild(LostIndexes lost) throws IOException {
        audit(OptionalLong.empty());
        new LogsAudit(bed.bucket.open(), bed.central(), OptionalLong.empty(), (_, _) -> {})
                .run(new LogsAudit.Findings() {
                    @Override
                    public void withoutChunk(String index, LokiChunkKey chunk) {
                        throw new AssertionError(chunk);
                    }

                    @Override
                    public void damaged(String index, String why) {
                        throw new AssertionError(index);
                    }

                    @Override
                    public void withoutIndex(LokiChunkKey chunk, long bytes, long day, Instant storedAt)
                            throws IOException {
                        try {
                            lost.add(chunk, bytes, day);
                        } catch (RejectedException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
        lost.write();
    }

    @Test
    void theCommandsSayWhatIsWrongAndMendIt() throws Exception {
        BucketFolder folder = folder();
        assertThat(run("audit")).as(text()).isZero();

        String lost = index("acme");
        Files.delete(folder.root().resolve(lost));
        Path torn = folder.root().resolve(index("fleet"));
        Files.write(torn, new byte[100]);
        String gone = bed.stored().stream()
                .filter(key -> key.startsWith("fake/"))
                .findFirst()
                .orElseThrow();
        Files.delete(folder.root().resolve(gone));

        assertThat(run("audit")).isEqualTo(1);
        assertThat(text())
                .contains("no chunk " + gone, "damaged " + index("fleet"), "no index of " + DATE + " has acme/")
                .contains(
                        "14 chunks; 1 index entries without chunk, 1 damaged indexes, 12 chunks in no index, 0 young");
        assertThat(run("audit", "--tenant", "acme", "--day", "2026-11-20")).isZero();

        Files.delete(torn);
        assertThat(run("index", "--rebuild", "--day", DATE)).as(text()).isZero();
        assertThat(text()).contains("12 entries in 2 indexes; 0 chunks could not be read");
        assertThat(Files.readAllBytes(folder.root().resolve(lost))).isEqualTo(before.get(lost));
        assertThat(Files.readAllBytes(torn)).isEqualTo(before.get(index("fleet")));
        assertThat(run("index", "--rebuild")).isZero();
        assertThat(text()).contains("0 entries in 0 indexes");
        assertThat(run("index")).isEqualTo(2);
        assertThat(run("audit", "--day", "today")).isEqualTo(2);
    }

    @Test
    void aChunkThatCannotBeReadIsNamedAndInNoIndex() throws Exception {
        BucketFolder folder = folder();
        Files.delete(folder.root().resolve(index("acme")));
        String damaged = bed.stored().stream()
                .filter(key -> key.startsWith("acme/"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = bed.bucket.read(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(folder.root().resolve(damaged), bytes);

        assertThat(run("index", "--rebuild")).isEqualTo(1);

        assertThat(text()).contains("left out: " + damaged, "2 entries in 1 indexes; 1 chunks could not be read");
    }

    /// The bucket as a directory, stored long ago.
    private BucketFolder folder() throws IOException {
        BucketFolder folder = new BucketFolder(dir.resolve("bucket"));
        for (String key : bed.bucket.keys()) {
            folder.put(key, bed.bucket.read(key), Duration.ofDays(30));
        }
        Files.writeString(dir.resolve("loki.yaml"), LogsBed.LOKI);
        Files.writeString(dir.resolve("compactor.yaml"), """
                objstore: {config: {type: FILESYSTEM, config: {directory: %s}}}
                logs:
                  objstore: {config: {type: FILESYSTEM, config: {directory: %s}}}
                  loki: {config_file: loki.yaml}
                log: {level: error}
                """.formatted(dir.resolve("blocks"), folder.root()));
        return folder;
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        List<String> all = new ArrayList<>(List.of("logs", words[0]));
        all.addAll(List.of(words).subList(1, words.length));
        all.addAll(List.of("--config", dir.resolve("compactor.yaml").toString()));
        return Commands.run(CompactMain.COMMANDS, all.toArray(String[]::new), terminal);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private String index(String tenant) {
        return before.keySet().stream()
                .filter(key -> key.contains("/" + tenant + "/"))
                .findFirst()
                .orElseThrow();
    }

    private void delete(String key) {
        try {
            bed.bucket.delete(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
