package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Spool;
import io.edgeship.queue.SpoolLockedException;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.ship.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two sources in one agent, of which one has troubles.
class SourcesTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");

    @TempDir
    private Path dir;

    private DataDirectory good;

    @BeforeEach
    void create() throws IOException {
        Files.createDirectories(dir.resolve("bucket"));
        good = DataDirectory.create(dir.resolve("good"));
        good.cut(A);
    }

    /// The one with the troubles comes first: what belongs to no source is not to depend on it.
    private AgentConfig config() throws ConfigException {
        String yaml = """
                site: it
                sources: [{type: prometheus, path: bad}, {type: prometheus, path: good}]
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: 127.0.0.1:0}
                scan_interval: 100ms
                """.formatted(dir.resolve("bucket"));
        return AgentConfig.of(ConfigFile.parse("agent.yaml", yaml, Map.of()), dir);
    }

    private Agent open() throws Exception {
        return Agent.open(config(), UploadProgress.NONE);
    }

    private static String ready(Agent agent) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + "/-/ready"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Path inBucket(BlockId id) {
        return dir.resolve("bucket").resolve(id.toString()).resolve("meta.json");
    }

    @Test
    void aDirectoryThatIsMissingIsNamedAndTheOtherIsShipped() throws Exception {
        try (Agent agent = open()) {
            assertThat(agent.once(Duration.ZERO)).as("not all is done").isFalse();
            assertThat(ready(agent)).contains("source " + dir.resolve("bad"), "is no directory", "tried again");
        }
        assertThat(inBucket(A)).exists();
        assertThat(dir.resolve("bad"))
                .as("nothing is made where a disk may be mounted")
                .doesNotExist();
    }

    @Test
    void aSpoolThatCannotBeReadIsNamedAndTheOtherIsShipped() throws Exception {
        DataDirectory bad = DataDirectory.create(dir.resolve("bad"));
        Path spool = Files.createDirectories(bad.dir().resolve("edgeship-spool"));
        Files.writeString(spool.resolve("version"), "7");
        try (Agent agent = open()) {
            assertThat(agent.once(Duration.ZERO)).isFalse();
            assertThat(ready(agent)).contains("source " + dir.resolve("bad"), "version");
        }
        assertThat(inBucket(A)).exists();
    }

    @Test
    void aSourceThatASidecarWritesToIsStoppedAndTheOtherIsShipped() throws Exception {
        DataDirectory bad = DataDirectory.create(dir.resolve("bad"));
        try (Agent agent = open()) {
            Files.writeString(
                    bad.dir().resolve("thanos.shipper.json"), "{\"version\": 1, \"uploaded\": [\"" + B + "\"]}");
            bad.cut(B);
            assertThat(agent.once(Duration.ZERO)).isFalse();
            assertThat(ready(agent)).contains("source " + dir.resolve("bad"), "changed by somebody else");
        }
        assertThat(inBucket(A)).exists();
        assertThat(inBucket(B)).doesNotExist();
    }

    @Test
    void aSourceThatComesBackIsShippedToo() throws Exception {
        try (Agent agent = open()) {
            CompletableFuture<Void> working = CompletableFuture.runAsync(() -> {
                try {
                    agent.forever();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            DataDirectory.create(dir.resolve("bad")).cut(B);
            working.get(30, TimeUnit.SECONDS); // it asks to be opened anew
        }
        try (Agent agent = open()) {
            assertThat(agent.once(Duration.ZERO)).isTrue();
            assertThat(ready(agent)).doesNotContain("bad");
        }
        assertThat(inBucket(A)).exists();
        assertThat(inBucket(B)).exists();
    }

    @Test
    void withNoneThatIsUsableTheAgentSaysSoAtOnce() throws IOException {
        Files.move(good.dir(), dir.resolve("elsewhere"));
        assertThatThrownBy(this::open).isInstanceOf(ConfigException.class).hasMessageContaining("bad is no directory");
    }

    @Test
    void aSpoolThatAnotherAgentHasStopsThisOneWhole() throws Exception {
        DataDirectory bad = DataDirectory.create(dir.resolve("bad"));
        try (Spool taken = Spool.open(bad.dir().resolve("edgeship-spool"))) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(SpoolLockedException.class)
                    .hasMessageContaining(taken.dir().toString());
        }
        open().close(); // and lets go of the other
    }

    @Test
    void twoAgentsWithSpoolsOfTheirOwnOnOneDirectoryDoNotBothGoOn() throws Exception {
        String yaml = """
                site: it
                sources: [{type: prometheus, path: good}]
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: 127.0.0.1:0}
                spool: {path: %s}
                """;
        AgentConfig one = AgentConfig.of(
                ConfigFile.parse("agent.yaml", yaml.formatted(dir.resolve("bucket"), "one"), Map.of()), dir);
        AgentConfig other = AgentConfig.of(
                ConfigFile.parse("agent.yaml", yaml.formatted(dir.resolve("bucket"), "other"), Map.of()), dir);
        try (Agent first = Agent.open(one, UploadProgress.NONE)) {
            assertThat(first.once(Duration.ZERO)).isTrue();
            try (Agent second = Agent.open(other, UploadProgress.NONE)) {
                good.cut(B);
                boolean firstWent = first.once(Duration.ZERO);
                boolean secondWent = second.once(Duration.ZERO);
                assertThat(firstWent && secondWent).isFalse();
                assertThat(firstWent ? ready(second) : ready(first)).contains("changed by somebody else");
            }
        }
    }
}
