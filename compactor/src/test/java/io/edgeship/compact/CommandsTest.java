package io.edgeship.compact;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as people run them: words in, text and exit code out.
class CommandsTest {
    private static final Duration OLD = Duration.ofDays(30);
    private static final Instant WRITTEN = Instant.parse("2026-11-01T00:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void config() throws IOException {
        folder = new BucketFolder(dir.resolve("bucket"));
        Files.writeString(dir.resolve("compactor.yaml"), """
                objstore: {config: {type: FILESYSTEM, config: {directory: %s}}}
                log: {level: error}
                """.formatted(folder.root()));
    }

    @Test
    void fleetPrintsATable() throws Exception {
        fleet();

        assertThat(run("fleet")).isZero();

        // times that pass are cut out; everything else is as it stands
        String[] lines = text(out).replaceAll("(?<=00Z  )\\S+ +", "AGE  ").split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0].split(" {2,}"))
                .containsExactly("SITE", "DATA UNTIL", "LAG", "BLOCKS", "BYTES", "GAPS", "LAST CONTACT", "BACKLOG");
        assertThat(lines[1].split(" {2,}"))
                .containsExactly(
                        "a", "1970-01-01T06:00:00Z", "AGE", "2", "592 B", "1", "30d ago", "2 blocks, 1 under way");
        assertThat(lines[2].split(" {2,}"))
                .containsExactly(
                        "b", "never", "-", "0", "0 B", "0", "30d ago", "0 blocks, and more than this version can read");
        assertThat(lines[3].split(" {2,}"))
                .containsExactly("unassigned", "never", "-", "1", "288 B", "0", "never", "-");
    }

    @Test
    void fleetPrintsJson() throws Exception {
        fleet();

        assertThat(run("fleet", "--json")).isZero();

        String json = text(out).replaceAll("\"last_contact\": \\d+", "\"last_contact\": 1");
        assertThat(json).isEqualTo("""
                {
                	"sites": [
                		{
                			"site": "a",
                			"data_until": 21600000,
                			"blocks": 2,
                			"size_bytes": 592,
                			"gaps": 1,
                			"last_contact": 1,
                			"backlog_items": 2,
                			"backlog_bytes": 99,
                			"outstanding_blocks": 2,
                			"outstanding": [
                				"01M83GSE62ARGZ6NS2THBV0E4Q",
                				"7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
                			],
                			"under_way": 1,
                			"losses": 1,
                			"incarnations": 1
                		},
                		{
                			"site": "b",
                			"data_until": 0,
                			"blocks": 0,
                			"size_bytes": 0,
                			"gaps": 0,
                			"last_contact": 1,
                			"incarnations": 1,
                			"reports_not_understood": 1
                		},
                		{
                			"site": "unassigned",
                			"data_until": 0,
                			"blocks": 1,
                			"size_bytes": 288,
                			"gaps": 0,
                			"incarnations": 0
                		}
                	]
                }
                """);
    }

    @Test
    void bucketLsNamesEveryFolderAndWhatIsWrongWithIt() throws Exception {
        fleet();
        String lowerCase = A.toString().toLowerCase(Locale.ROOT);
        folder.put(B + "/chunks/stray", "x", OLD)
                .put(B + "/deletion-mark.json", BucketFolder.mark(B, WRITTEN), OLD)
                .put(C + "/meta.json", "{}", OLD)
                .put(lowerCase + "/index", "x", OLD);
        for (String file : folder.keysOf(C)) {
            Files.setLastModifiedTime(folder.root().resolve(C + "/" + file), FileTime.from(WRITTEN));
        }

        assertThat(run("bucket", "ls")).isZero();

        String[] lines = text(out).split("\n");
        assertThat(lines).hasSize(6);
        assertThat(lines[0].split(" {2,}"))
                .containsExactly("ULID", "FROM", "UNTIL", "LEVEL", "SIZE", "RESOLUTION", "SOURCE", "LABELS", "STATE");
        assertThat(lines[1].split(" {2,}"))
                .containsExactly(
                        "01M83GR348Y4934FR7CE7TVV09",
                        "1970-01-01T00:00:00Z",
                        "1970-01-01T02:00:00Z",
                        "1",
                        "292 B",
                        "raw",
                        "edgeship",
                        "{site=\"a\"}");
        assertThat(lines[2])
                .startsWith("01M83GSE5DPDK87AWYMSGXDHS9  1970-01-01T04:00:00Z  1970-01-01T06:00:00Z  ")
                .endsWith("UNEXPECTED: [chunks/stray], marked for deletion 2026-11-01T00:00:00Z");
        assertThat(lines[3])
                .startsWith("01M83GSE6C0000000000000000  1969-12-31T22:00:00Z  ")
                .endsWith("{site=\"\"}   INCOMPLETE: [chunks/000001, index]");
        assertThat(lines[4])
                .isEqualTo("01M83GSE62ARGZ6NS2THBV0E4Q  partial, left alone: "
                        + "01M83GSE62ARGZ6NS2THBV0E4Q/meta.json at offset 0 (0x0): 'version' is missing; "
                        + "3 objects, newest 2026-11-01T00:00:00Z");
        assertThat(lines[5]).isEqualTo("01m83gr348y4934fr7ce7tvv09  no ULID, though Thanos takes it for one");
    }

    @Test
    void bucketCatPrintsMessagesInWords() throws Exception {
        fleet();

        assertThat(run("bucket", "cat", "edgeship/sites/a/cafe/heartbeat.pb")).isZero();
        assertThat(JsonObject.parse("out", out.toByteArray()).texts("outstanding_ulids"))
                .containsExactly(C.toString(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");

        assertThat(run("bucket", "cat", "edgeship/sites/a/cafe/losses/" + A + ".pb"))
                .isZero();
        assertThat(text(out)).contains("\"reason\": \"REASON_VANISHED\"");
    }

    @Test
    void bucketCatPrintsThePublishedIndex() throws Exception {
        fleet();
        assertThat(run("compact", "--once")).isZero();

        assertThat(run("bucket", "cat", "edgeship/fleet/bucket-index.json.gz")).isZero();

        assertThat(JsonObject.parse("out", out.toByteArray()).objects("blocks")).hasSize(3);
    }

    @Test
    void bucketCatNeverReadsALaterVersionAsKnownNorBytesAsText() throws Exception {
        folder.heartbeat(BucketFolder.heartbeat("a").setVersion(2).build(), OLD)
                .put(A + "/index", new byte[] {(byte) 0xba, (byte) 0xaa}, OLD)
                .put(A + "/meta.json", "{\"a\":\"\u001b[2J\"}", OLD);

        assertThat(run("bucket", "cat", "edgeship/sites/a/cafe/heartbeat.pb")).isEqualTo(1);
        assertThat(text(err)).contains("has format version 2; this build reads up to 1");
        assertThat(run("bucket", "cat", A + "/index")).isEqualTo(1);
        assertThat(text(err)).contains("is no text");
        assertThat(run("bucket", "cat", "nowhere")).isEqualTo(1);
        assertThat(run("bucket", "cat")).isEqualTo(2);
        assertThat(run("bucket", "cat", A + "/meta.json")).isZero();
        assertThat(text(out)).isEqualTo("{\"a\":\"?[2J\"}\n");
    }

    @Test
    void onceSaysWhatItDidAndFailsOnlyWhereTheCycleCouldNotFinish() throws Exception {
        fleet();
        folder.block(B, "{\"version\":2}", OLD).data(new BlockId(C.high(), 1), Duration.ofDays(91));

        assertThat(run("compact", "--once")).isZero();
        assertThat(text(out)).isEqualTo("""
                2 blocks of 3 sites, 1 incomplete, 2 partial; removed 1 abandoned uploads and 0 marked blocks
                1 partial blocks are left alone whatever their age: see edgeship bucket ls
                quarantined %1$s: %1$s/index at offset 0 (0x0): magic is 696e6465, want baaad700
                """.formatted(A));

        folder.clear();
        Files.createDirectories(folder.root());
        Files.writeString(folder.root().resolve("edgeship"), "an object where a folder should be");
        assertThat(run("compact", "--once")).isEqualTo(1);
        assertThat(text(err)).contains("edgeship");
    }

    @Test
    void aDryRunSaysThatACycleWouldRefuseAndWhy() throws Exception {
        folder.block(A, OLD);
        assertThat(run("compact", "--once")).isZero(); // the first look, which takes what is there as it is
        assertThat(run("compact", "--dry-run")).isZero();
        assertThat(text(out)).doesNotContain("refuse");
        folder.block(B, BucketFolder.meta(B, 0, 7_200_000, "a").replace("edgeship", "compactor"), OLD);
        List<String> before = folder.keys();

        assertThat(run("compact", "--dry-run")).isZero();
        assertThat(text(out))
                .startsWith("a cycle would refuse to compact, mark and remove: a Thanos compactor is at work")
                .contains(B + "/meta.json is its work");
        assertThat(run("compact", "--dry-run", "--json")).isZero();
        assertThat(JsonObject.parse("out", out.toByteArray()).requiredText("refused"))
                .startsWith("a Thanos compactor is at work");
        assertThat(folder.keys()).isEqualTo(before);

        assertThat(run("compact", "--once")).isEqualTo(1);
        assertThat(text(out)).contains("nothing was compacted, marked or removed: a Thanos compactor is at work");
        assertThat(folder.keys()).contains(BucketLayout.BUCKET_INDEX);
    }

    @Test
    void onceSaysWhatCameInAndTheMessagesAreWords() throws Exception {
        Manifest manifest = Manifest.newBuilder()
                .setVersion(1)
                .setSite("b")
                .setAttempt(3)
                .addFiles(Manifest.File.newBuilder().setPath("index").setSizeBytes(9))
                .addPieceLengths(7)
                .addPieceCrc32C(10)
                .addPieceLengths(2)
                .addPieceCrc32C(11)
                .build();
        String item = "edgeship/inbox/a/cafe/" + A + ".item/";
        folder.put(item + "manifest.pb", manifest.toByteArray(), Duration.ZERO)
                .put(item + "000000000007-0000002-0000000b", "xy", Duration.ZERO)
                .put("edgeship/inbox/a/notes", "x", Duration.ZERO);

        assertThat(run("bucket", "ls", "--inbox")).isZero();
        assertThat(text(out)).contains(A + "  a  cafe  1 pieces", "  manifest\n", "inbox/a/notes  no part of an item");
        assertThat(run("bucket", "cat", item + "manifest.pb")).isZero();
        assertThat(JsonObject.parse("out", out.toByteArray()).texts("pieces"))
                .containsExactly("000000000000-0000007-0000000a", "000000000007-0000002-0000000b");

        assertThat(run("compact", "--once")).isZero();
        assertThat(text(out))
                .contains("inbox: 0 items accepted, 0 lack pieces, 1 rejected, 0 too new, 0 waiting, 0 of them held");
        assertThat(run("bucket", "cat", "edgeship/sites/a/cafe/receipts/" + A + ".pb"))
                .isZero();
        JsonObject receipt = JsonObject.parse("out", out.toByteArray());
        assertThat(receipt.requiredText("verdict")).isEqualTo("VERDICT_REJECTED");
        assertThat(receipt.integer("attempt", 0)).isEqualTo(3);
        assertThat(receipt.requiredText("detail")).startsWith("manifest.site: is 'b'");
    }

    @Test
    void wrongUseIsToldApartFromWorkThatFailed() throws Exception {
        assertThat(run("fleet", "--yaml")).isEqualTo(2);
        Files.writeString(dir.resolve("compactor.yaml"), "intervall: 5m");
        assertThat(run("compact", "--once")).isEqualTo(2);
        assertThat(run("fleet")).isEqualTo(2);
        assertThat(run("bucket", "ls")).isEqualTo(2);
    }

    @Test
    void aNameThatATerminalWouldObeyIsPrintedHarmless() throws Exception {
        String name = "\\u001b[2Jevil\\u202e" + "x".repeat(100);
        folder.block(A, BucketFolder.meta(A, 0, 7_200_000, name), OLD);

        assertThat(run("fleet")).isZero();
        assertThat(text(out)).contains("?[2Jevil?" + "x".repeat(54) + "  ").doesNotContain("\u001b", "\u202e");
        assertThat(run("bucket", "ls")).isZero();
        assertThat(text(out)).doesNotContain("\u001b", "\u202e");
    }

    /// Site `a` with a gap, a backlog and a loss; site `b` of a later version; a block without a site.
    private void fleet() throws IOException {
        BlockId unassigned = new BlockId(C.high() + (10L << 16) & ~0xffffL, 0);
        folder.block(A, OLD)
                .block(B, BucketFolder.meta(B, 14_400_000, 21_600_000, "a"), OLD)
                .put(unassigned + "/meta.json", BucketFolder.meta(unassigned, -7_200_000, -3_600_000, ""), OLD)
                .data(C, Duration.ZERO)
                .heartbeat(
                        BucketFolder.heartbeat("a", C, BlockId.parse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"))
                                .setBacklogItems(2)
                                .setBacklogBytes(99)
                                .build(),
                        OLD)
                .heartbeat(BucketFolder.heartbeat("b").setVersion(2).build(), OLD)
                .put(
                        "edgeship/sites/a/cafe/losses/" + A + ".pb",
                        Loss.newBuilder()
                                .setVersion(1)
                                .setUlid(A.toString())
                                .setReason(Loss.Reason.REASON_VANISHED)
                                .build()
                                .toByteArray(),
                        OLD);
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        List<String> all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("--config", dir.resolve("compactor.yaml").toString()));
        Terminal terminal = new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);
        return Commands.run(CompactMain.COMMANDS, all.toArray(String[]::new), terminal);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }
}
