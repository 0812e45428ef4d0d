package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `queue …` beside a stopped agent: looking, trying again, sending again, giving up.
class QueueCommandTest extends TypedCommands {
    @Test
    void aCorruptBlockIsShownRetriedAndDropped() throws IOException {
        data.cut(A, B);
        byte[] index = Files.readAllBytes(data.dir().resolve(A.toString()).resolve("index"));
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();

        assertThat(run("queue", "ls")).isZero();
        assertThat(printed()).contains("quarantine " + A, "shipped    " + B);
        assertThat(run("queue", "show", A.toString())).isZero();
        assertThat(printed()).contains("index", "\"ulid\": \"" + A + "\"");

        // The source file and the linked one are the same: mending it mends both.
        Files.write(data.dir().resolve(A.toString()).resolve("index"), index);
        assertThat(run("queue", "retry", A.toString()))
                .as("B, of the same time, was shipped, and a stock Thanos compactor would halt")
                .isEqualTo(2);
        assertThat(errors()).contains(B.toString(), "centre: edgeship", "--force");
        assertThat(run("queue", "retry", A.toString(), "--force")).isZero();
        assertThat(run("agent", "--once")).isZero();
        assertThat(bucket.resolve(A.toString()).resolve("meta.json")).exists();
        assertThat(run("queue", "retry", A.toString())).as("no longer there").isEqualTo(1);
    }

    @Test
    void whatTheBucketLostIsSentAgainFromDisk() throws IOException {
        data.cut(A);
        assertThat(run("agent", "--once")).isZero();
        Path meta = bucket.resolve(A.toString()).resolve("meta.json");
        Files.delete(meta);
        assertThat(run("agent", "--once")).isZero();
        assertThat(meta).as("it was shipped once").doesNotExist();

        assertThat(run("queue", "reship", A.toString())).isZero();
        assertThat(printed()).contains(A + " is in the spool");
        assertThat(run("queue", "reship", A.toString())).as("waits already").isEqualTo(1);
        assertThat(run("agent", "--once")).isZero();
        assertThat(meta).exists();
        assertThat(run("queue", "reship", "--from", "2026-01-01T00:00:00Z")).isZero();
        assertThat(run("agent", "--once")).as("the bucket has the same").isZero();
    }

    @Test
    void whatIsNotOnDiskAnyMoreIsNamedAndTheRestIsSent() throws IOException {
        data.cut(A, B);
        assertThat(run("agent", "--once")).isZero();
        data.remove(B);
        assertThat(run("queue", "reship", "--from", "2026-01-01T00:00:00Z"))
                .as("B was shipped, of the same time")
                .isEqualTo(2);
        assertThat(errors()).contains("centre: edgeship", "--force");
        assertThat(run("queue", "reship", "--force", "--from", "2026-01-01T00:00:00Z"))
                .isEqualTo(1);
        assertThat(printed()).contains(A + " is in the spool");
        assertThat(errors()).contains(B + ": not on disk any more");
        assertThat(run("queue", "reship", "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-02T00:00:00Z"))
                .isEqualTo(1);
    }

    @Test
    void whatWasSetAsideIsAMatterOfRetry() throws IOException {
        data.cut(A);
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("queue", "reship", A.toString())).isEqualTo(1);
        assertThat(errors()).contains("queue retry");
        assertThat(run("queue", "reship")).isEqualTo(2);
        assertThat(run("queue", "reship", "--from", "yesterday")).isEqualTo(2);
    }

    @Test
    void aDroppedBlockStaysOnRecord() throws IOException {
        data.cut(A);
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("queue", "drop", A.toString())).isZero();
        assertThat(printed()).contains("the loss is on record");
        assertThat(data.dir().resolve("edgeship-spool/losses").resolve(A + ".pb"))
                .exists();
        assertThat(data.dir().resolve("edgeship-spool/quarantine").resolve(A.toString()))
                .doesNotExist();
        assertThat(run("queue", "drop", A.toString())).isEqualTo(1);
    }

    @Test
    void aUlidThatIsNoneIsWrongUse() {
        assertThat(run("queue", "show", "x")).isEqualTo(2);
        assertThat(run("queue", "drop")).isEqualTo(2);
        assertThat(run("queue", "show", A.toString())).isEqualTo(1);
    }
}
