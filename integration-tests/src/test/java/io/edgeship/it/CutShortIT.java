package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.chaos.ChaosProxy;
import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketSync;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that is stopped in the middle of a large block, on a slow link: it ends in time, and the next run goes on
/// at the last part that the bucket confirmed.
class CutShortIT {
    private static final long PART_BYTES = 5 << 20;
    private static final Faults SLOW = Faults.seeded(0).with(new Fault.Throttle(2 << 20));
    private static final Faults FAST = Faults.seeded(0);

    /// Headers, probe, heartbeat and `meta.json`.
    private static final long SMALL_REQUESTS_BYTES = 256 << 10;

    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = GRACE.plusSeconds(6);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path dir;

    @Test
    void sigtermEndsItWithinItsGraceAndTheNextRunGoesOn() throws Exception {
        cutShort(false);
    }

    @Test
    void killedWithOnceTheNextRunGoesOn() throws Exception {
        cutShort(true);
    }

    private void cutShort(boolean kill) throws Exception {
        Path block = LargeBlock.make(dir.resolve("data"));
        long indexBytes = Files.size(block.resolve("index"));
        long chunkBytes = Files.size(block.resolve("chunks/000001"));
        assertThat(chunkBytes).as("bytes of chunks").isGreaterThan(2 * PART_BYTES + PART_BYTES / 2);
        try (LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "cut");
                ChaosProxy link = ChaosProxy.to(server.port(), SLOW)) {
            Path config = agentYaml(server.objstoreYaml("cut", link.port()));
            long twoPartsAndABit = indexBytes + 2 * PART_BYTES + PART_BYTES / 4 + SMALL_REQUESTS_BYTES;
            if (kill) {
                killInTheMiddle(config, link, twoPartsAndABit);
            } else {
                terminateInTheMiddle(config, link, twoPartsAndABit);
            }
            link.cut(); // what a dead agent's kernel still holds is not to count as the next one's
            link.change(FAST);
            long before = link.sentBytes();
            try (Child agent = EdgeshipProcess.agent(dir.resolve("next.log"), config, "--once")) {
                assertThat(agent.awaitExit(LIMIT)).as(agent.output()).isZero();
            }
            assertThat(link.sentBytes() - before)
                    .as("bytes that the next run sent of a block of %d + %d", indexBytes, chunkBytes)
                    .isBetween(
                            chunkBytes - 3 * PART_BYTES,
                            // two parts less; one that the machine was too slow for may go twice
                            indexBytes + chunkBytes - PART_BYTES + SMALL_REQUESTS_BYTES);
            assertTheBucketHolds(block, server);
        }
    }

    private void terminateInTheMiddle(Path config, ChaosProxy link, long sentBytes) throws Exception {
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            awaitSent(link, sentBytes);
            long asked = System.nanoTime();
            agent.terminate();
            assertThat(agent.awaitExit(END_LIMIT)).as(agent.output()).isZero();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            System.out.printf("SIGTERM: ended after %d ms, grace %d ms%n", millis, GRACE.toMillis());
            assertThat(agent.output()).contains("is cut off").doesNotContain("block shipped");
        }
    }

    private void killInTheMiddle(Path config, ChaosProxy link, long sentBytes) throws Exception {
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config, "--once")) {
            awaitSent(link, sentBytes);
            agent.kill();
            assertThat(agent.output()).doesNotContain("block shipped");
        }
    }

    private static void awaitSent(ChaosProxy link, long bytes) throws Exception {
        Deadline.in(LIMIT).await(bytes + " bytes on the link", () -> link.sentBytes() >= bytes);
    }

    private Path agentYaml(String objstore) throws Exception {
        Path file = Files.writeString(dir.resolve("objstore.yml"), objstore);
        return Files.writeString(
                dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: '%s', external_labels: {replica: a}}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                part_size: %d
                shutdown_grace: %ds
                """.formatted(dir.resolve("data"), file, PART_BYTES, GRACE.toSeconds()));
    }

    private void assertTheBucketHolds(Path block, LocalS3 server) throws Exception {
        Path objstore = Files.writeString(dir.resolve("direct.yml"), server.objstoreYaml("cut"));
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            assertThat(new BucketSync(bucket).sync().partial())
                    .as("blocks cut short")
                    .isEmpty();
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            BlockId id = BlockId.parse(block.getFileName().toString());
            assertThat(shipped.blocks())
                    .singleElement()
                    .extracting(one -> one.meta().id())
                    .isEqualTo(id);
            Path downloaded = shipped.dir().resolve(id.toString());
            for (String file : new String[] {"index", "chunks/000001"}) {
                assertThat(downloaded.resolve(file)).hasSameBinaryContentAs(block.resolve(file));
            }
            assertThat(BlockVerifier.verify(downloaded)).isInstanceOf(Verdict.Sound.class);
        }
    }
}
