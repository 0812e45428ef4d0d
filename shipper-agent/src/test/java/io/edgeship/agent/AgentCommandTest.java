package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The commands as a user types them, on a directory as the bucket.
class AgentCommandTest extends TypedCommands {
    private static final Path PAGE = Path.of("../docs/reference/agent.md");
    private static final Pattern COMMAND = Pattern.compile("`edgeship (agent|check|status|queue [a-z]+|reduce)");
    private static final Pattern FLAG = Pattern.compile("`[^`]*--([a-z-]+)");

    @Test
    void onceShipsAllThereIsAndIsDone() throws IOException {
        data.cut(A, B);
        assertThat(run("agent", "--once")).isZero();
        for (BlockId id : new BlockId[] {A, B}) {
            assertThat(bucket.resolve(id.toString()).resolve("meta.json")).isNotEmptyFile();
        }
        assertThat(run("agent", "--once")).as("again, with nothing to do").isZero();
    }

    @Test
    void onceIsDoneWhereCorruptBlocksAreSetAside() throws IOException {
        data.cut(A, B);
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();
        assertThat(bucket.resolve(A.toString())).doesNotExist();
        assertThat(bucket.resolve(B.toString())).exists();
    }

    @Test
    void onceLeavesWorkWhereTheBucketFails() throws IOException {
        data.cut(A);
        cutTheLink();
        assertThat(run("agent", "--once")).isEqualTo(1);
        assertThat(data.dir().resolve("edgeship-spool/ready").resolve(A.toString()))
                .exists();
    }

    @Test
    void aDryRunTellsAndChangesNothing() throws IOException {
        data.cut(A);
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains(A.toString(), "take");
        assertThat(data.dir().resolve("edgeship-spool")).doesNotExist();
        assertThat(data.dir().resolve("thanos.shipper.json")).doesNotExist();
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains("known, in shipped");
    }

    @Test
    void releaseListsWhatTheBucketHasAndNamesTheFlag() throws IOException {
        data.cut(A, B);
        data.corrupt(B, "index");
        assertThat(run("agent", "--release")).isZero();
        assertThat(printed()).contains("--storage.tsdb.delay-compact-file.path");
        assertThat(Files.readString(data.dir().resolve("thanos.shipper.json")))
                .contains(A.toString())
                .doesNotContain(B.toString());
    }

    @Test
    void releaseOfAnUnreachableBucketSaysThatSomethingIsLeft() throws IOException {
        data.cut(A);
        cutTheLink();
        assertThat(run("agent", "--release")).isEqualTo(1);
        assertThat(printed()).contains("Not everything was shipped");
        assertThat(Files.readString(data.dir().resolve("thanos.shipper.json"))).doesNotContain(A.toString());
    }

    @Test
    void anOrderThatLeavesHolesIsRefusedWhereAStockThanosCompacts() throws IOException {
        data.cut(A);
        String yaml = Files.readString(config);
        Files.writeString(config, yaml + "order: freshest_first\n");
        assertThat(run("agent", "--once")).isEqualTo(2);
        assertThat(errors()).contains("freshest_first", "centre: edgeship", "--force");
        assertThat(bucket).isEmptyDirectory();
        assertThat(run("agent", "--once", "--force")).isZero();
        Files.writeString(config, yaml + "order: freshest_first\ncentre: edgeship\n");
        assertThat(run("agent", "--once")).isZero();
    }

    @Test
    void waitingGoesWithASingleRunAndWantsADuration() throws IOException {
        assertThat(run("agent", "--wait", "10m")).isEqualTo(2);
        assertThat(run("agent", "--once", "--wait", "soon")).isEqualTo(2);
        assertThat(errors()).contains("--wait", "10m");
        assertThat(run("agent", "--once", "--wait", "10m"))
                .as("nothing to wait for")
                .isZero();
    }

    @Test
    void throughTheInboxOnceLeavesWorkUntilTheReceiptIsThere() throws IOException {
        data.cut(A);
        throughTheInbox();
        assertThat(run("agent", "--once")).isEqualTo(1);
        assertThat(item(A).resolve("manifest.pb")).exists();
        answer(A, Receipt.Verdict.VERDICT_ACCEPTED);
        assertThat(run("agent", "--once")).isZero();
        assertThat(data.dir().resolve("edgeship-spool/ready").resolve(A.toString()))
                .doesNotExist();
    }

    @Test
    void throughTheInboxOnceWaitsForTheReceiptIfToldTo() throws Exception {
        data.cut(A);
        throughTheInbox();
        Thread centre = Thread.ofPlatform().start(() -> answerOnceThere(A));
        assertThat(run("agent", "--once", "--wait", "20s")).isZero();
        centre.join();
    }

    @Test
    void whatTheCentreRejectsIsSetAsideAndNothingIsLeft() throws IOException {
        data.cut(A);
        throughTheInbox();
        assertThat(run("agent", "--once")).isEqualTo(1);
        answer(A, Receipt.Verdict.VERDICT_REJECTED);
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("queue", "ls")).isZero();
        assertThat(printed()).contains("quarantine " + A);
    }

    @Test
    void aDryRunTellsWhatTheBacklogCostsAlsoOfBlocksThatOnlyTheSpoolHas() throws IOException {
        data.cut(A, B);
        Files.writeString(config, Files.readString(config) + "link: {budget: {daily: 10MiB}}\n");
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains("to send:", "done:", "busiest day:", "of 10.0 MiB");
        String both = lineOf("to send:");
        cutTheLink();
        assertThat(run("agent", "--once")).isEqualTo(1);
        data.remove(A);
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains(A.toString(), "known, only in the spool");
        assertThat(lineOf("to send:")).isEqualTo(both);
    }

    @Test
    void aSpeedThatIsNoneIsWrongUse() {
        for (String wrong : new String[] {"fast", "0"}) {
            assertThat(run("agent", "--dry-run", "--speed", wrong)).as(wrong).isEqualTo(2);
            assertThat(errors()).contains("--speed");
        }
        assertThat(run("agent", "--dry-run", "--speed", "1KiB")).isZero();
    }

    private String lineOf(String begin) {
        return printed()
                .lines()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    private void throughTheInbox() throws IOException {
        Files.writeString(config, Files.readString(config) + "transport: inbox\n");
    }

    private Path item(BlockId id) throws IOException {
        return bucket.resolve(BucketLayout.itemPrefix("it", incarnation(), id));
    }

    /// The folder of the only spool.
    private String incarnation() throws IOException {
        try (Stream<Path> spools = Files.list(bucket.resolve(BucketLayout.INBOX + "it"))) {
            return String.valueOf(spools.findFirst().orElseThrow().getFileName());
        }
    }

    /// Answers the first manifest, as the centre does.
    private void answer(BlockId id, Receipt.Verdict verdict) throws IOException {
        Receipt receipt = Receipt.newBuilder()
                .setVersion(TransportMessages.VERSION)
                .setUlid(id.toString())
                .setAttempt(1)
                .setVerdict(verdict)
                .setDecidedAtMs(1)
                .build();
        Path file = bucket.resolve(BucketLayout.receiptKey("it", incarnation(), id));
        Files.createDirectories(file.resolveSibling("."));
        Path whole = Files.write(dir.resolve("receipt"), receipt.toByteArray());
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void answerOnceThere(BlockId id) {
        try {
            Path inbox = bucket.resolve(BucketLayout.INBOX + "it");
            long end = System.nanoTime() + 15_000_000_000L;
            while (System.nanoTime() < end) {
                if (Files.exists(inbox) && Files.exists(item(id).resolve("manifest.pb"))) {
                    answer(id, Receipt.Verdict.VERDICT_ACCEPTED);
                    return;
                }
                LockSupport.parkNanos(50_000_000);
            }
        } catch (IOException | NoSuchElementException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMissingDirectoryIsWrongUseAndNamed() throws IOException {
        Files.writeString(config, Files.readString(config).replace("path: data", "path: nowhere"));
        assertThat(run("agent", "--once")).isEqualTo(2);
        assertThat(errors()).contains("nowhere");
    }

    @Test
    void thePageNamesEveryCommandAndFlagAndNoOthers() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> commands = new TreeSet<>();
        Set<String> flags = new TreeSet<>();
        for (Command command : AgentMain.COMMANDS) {
            commands.add(command.usage().command());
            command.usage().options().stream().map(Option::name).forEach(flags::add);
        }
        Set<String> onPage = new TreeSet<>();
        COMMAND.matcher(page).results().forEach(found -> onPage.add(found.group(1)));
        assertThat(onPage).isEqualTo(commands);
        int begin = page.indexOf("## Commands");
        String table = page.substring(begin, page.indexOf("\n## ", begin));
        Set<String> flagsOnPage = new TreeSet<>();
        FLAG.matcher(table).results().forEach(found -> flagsOnPage.add(found.group(1)));
        assertThat(flagsOnPage).isEqualTo(flags);
    }

    /// Nothing listens on port 1.
    private void cutTheLink() throws IOException {
        String yaml = Files.readString(config);
        String unreachable = """
                objstore: {config: {type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, \
                region: r, access_key: a, secret_key: s, max_retries: 0}}}
                """;
        Files.writeString(config, yaml.replaceAll("(?m)^objstore:.*\\n", unreachable));
    }
}
