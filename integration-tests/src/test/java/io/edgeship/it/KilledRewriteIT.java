package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The child process that writes blocks anew, the agent, or both are killed with -9 at random while the child works.
/// At the end every sample is in the bucket once, and nothing is left in the workshop.
///
/// `-Dedgeship.kills=500` kills more often.
class KilledRewriteIT {
    private static final int KILLS = Integer.getInteger("edgeship.kills", 20);
    private static final long SEED = Long.getLong("edgeship.seed", 20261126);
    private static final Duration CHILD_COMES = Duration.ofSeconds(3);
    private static final Duration BYTES_COME = Duration.ofSeconds(5);
    private static final Duration CHILD_ENDS = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// About what a child works on one block here.
    private static final int WORK_MILLIS = 250;

    private static final int BLOCKS_AT_FIRST = 12;
    private static final int BLOCK_BYTES = 3 << 19;

    private final Random random = new Random(SEED);
    private final List<Path> blocks = new ArrayList<>();
    private int childKills;
    private int agentKills;
    private int killsWhileWriting;

    @TempDir
    private Path dir;

    @Test
    void everySampleArrivesOnceAndTheWorkshopIsLeftEmpty() throws Exception {
        Path objstore = AgentYaml.directoryBucket(dir);
        Path config = configured(objstore);
        while (blocks.size() < BLOCKS_AT_FIRST) {
            addBlock();
        }
        Child agent = agent(config);
        try {
            while (childKills + agentKills < KILLS) {
                assertThat(agent.isAlive()).as("%s: %s", this, agent.output()).isTrue();
                agent = killSomething(agent, config);
            }
        } finally {
            agent.close();
        }
        shipWhatIsLeft(config);
        System.out.println(this);
        assertThat(killsWhileWriting).as("%s: kills while it wrote", this).isGreaterThan(KILLS / 3);
        assertThat(childKills).as("%s", this).isPositive();
        assertThat(agentKills).as("%s", this).isPositive();
        assertThat(workshop()).as("%s: workshop", this).isEmptyDirectory();
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            assertEverySampleIsThereOnce(bucket);
        }
    }

    /// Every block has to be written anew, though no sample changes: no series has that label.
    private Path configured(Path objstore) throws IOException {
        return Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - type: prometheus
                  path: '%s'
                  external_labels: {replica: a}
                  reduce: {relabel: [{action: labeldrop, regex: no_such_label}]}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                shutdown_grace: 1s
                """.formatted(dataDir(), objstore));
    }

    private void addBlock() throws IOException {
        blocks.add(LargeBlock.make(dataDir(), blocks.size(), BLOCK_BYTES));
    }

    private Child agent(Path config) throws IOException {
        return EdgeshipProcess.agent(dir.resolve("agent.log"), config);
    }

    /// Waits for a child, and a while longer. A block whose child was killed waits for a minute, unless the agent
    /// starts anew: where no child comes any more, it does.
    private Child killSomething(Child agent, Path config) throws Exception {
        Optional<ProcessHandle> found = childThatComes(agent);
        if (found.isEmpty()) {
            agent.kill();
            addBlock();
            return agent(config);
        }
        ProcessHandle child = found.get();
        if (random.nextInt(4) > 0) { // else while its JVM starts
            boolean _ = Deadline.in(BYTES_COME).reached(() -> hasWritten() || !child.isAlive());
        }
        Duration pause = Duration.ofMillis(random.nextInt(WORK_MILLIS));
        boolean ended = Deadline.in(pause).reached(() -> !child.isAlive());
        if (ended) {
            return agent; // done before its turn to be killed
        }
        killsWhileWriting += hasWritten() ? 1 : 0;
        int who = random.nextInt(10);
        if (who < 5) {
            child.destroyForcibly();
            childKills++;
            return agent;
        }
        if (who < 7) {
            child.destroyForcibly(); // and the agent may already hear of it
            childKills++;
        }
        agent.kill();
        agentKills++;
        Child next = agent(config); // at once: the orphan may still be there
        child.onExit().get(CHILD_ENDS.toSeconds(), TimeUnit.SECONDS);
        return next;
    }

    private Optional<ProcessHandle> childThatComes(Child agent) throws Exception {
        List<ProcessHandle> found = new ArrayList<>();
        boolean _ = Deadline.in(CHILD_COMES).reached(() -> {
            try (Stream<ProcessHandle> children =
                    ProcessHandle.of(agent.pid()).stream().flatMap(ProcessHandle::children)) {
                children.filter(KilledRewriteIT::rewrites).forEach(found::add);
            }
            return !found.isEmpty();
        });
        return found.stream().findFirst();
    }

    /// The class path is longer than what Java tells of another process' command line.
    private static boolean rewrites(ProcessHandle process) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
            return new String(line, StandardCharsets.UTF_8).contains("io.edgeship.ship.rewrite.RewriteMain");
        } catch (IOException ended) {
            return false;
        }
    }

    /// Whether there are bytes of a new block in the workshop.
    private boolean hasWritten() throws IOException {
        for (Path file : files(workshop())) {
            if (file.toString().contains("chunks") && size(file) > 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> files(Path dir) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(dir)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)) {
                    files.addAll(files(entry));
                } else {
                    files.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return files; // cleared at this moment
        }
        return files;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private void shipWhatIsLeft(Path config) throws Exception {
        try (Child last = EdgeshipProcess.agent(dir.resolve("last.log"), config, "--once")) {
            assertThat(last.awaitExit(LIMIT)).as("%s: %s", this, last.output()).isZero();
        }
    }

    private void assertEverySampleIsThereOnce(Bucket bucket) throws IOException {
        assertThat(new BucketSync(bucket).sync().partial())
                .as("%s: blocks in part", this)
                .isEmpty();
        Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
        assertThat(shipped.blocks()).as("%s: blocks", this).hasSameSizeAs(blocks);
        Samples expected = new Samples();
        for (Path block : blocks) {
            Shipped.read(block, expected);
        }
        assertThat(Samples.differences(expected, shipped.samples()))
                .as("%s", this)
                .isEmpty();
    }

    private Path dataDir() {
        return dir.resolve("data");
    }

    private Path workshop() {
        return dataDir().resolve("edgeship-spool/workshop");
    }

    @Override
    public String toString() {
        return "seed %d: %d kills of the child, %d of the agent, %d while a block was being written, %d blocks"
                .formatted(SEED, childKills, agentKills, killsWhileWriting, blocks.size());
    }
}
