package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.ship.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command as a user types it.
class CheckCommandTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");

    @TempDir
    private Path dir;

    private DataDirectory data;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String printed = "";

    @BeforeEach
    void create() throws IOException {
        data = DataDirectory.create(dir.resolve("data"));
        data.cut(A);
    }

    @Test
    void aSiteThatIsSetUpWellPassesAndNothingIsLeftBehind() throws IOException {
        List<Path> before = files(data.dir());
        assertThat(check(directory())).isZero();
        assertThat(printed)
                .contains("PASS  path " + data.dir(), "PASS  hard-link", "PASS  s3-put", " 0 failed (FAIL)")
                .contains("WARN  prometheus-version", "sources[].url");
        assertThat(files(data.dir())).isEqualTo(before);
        assertThat(files(dir.resolve("bucket").resolve("edgeship"))).isEmpty();
    }

    @Test
    void aWrongSubPathFailsAndIsNamed() throws IOException {
        Files.createDirectories(dir.resolve("volume/prometheus-db/wal"));
        assertThat(check(directory().replace("path: data", "path: volume"))).isEqualTo(1);
        assertThat(printed).contains("FAIL  path", "subPath: prometheus-db");
    }

    @Test
    void besideARunningAgentTheSpoolIsOnlyLookedAt() throws IOException {
        try (Spool spool = Spool.open(data.dir().resolve("edgeship-spool"))) {
            spool.take(A, data.dir().resolve(A.toString()));
            assertThat(check(directory())).isZero();
            assertThat(printed).contains("sites/it/" + spool.incarnation() + "/probe");
        }
    }

    @Test
    void jsonSaysTheSame() throws IOException {
        assertThat(check(directory(), "--json", "--no-network")).isZero();
        assertThat(printed)
                .startsWith("{")
                .contains("\"check\": \"hard-link\"", "\"verdict\": \"pass\"", "\"failed\": 0");
        assertThat(printed).contains("--no-network");
    }

    @Test
    void aPortThatSomebodyElseHasFails() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread closing = Thread.ofPlatform().daemon().start(() -> {
                try {
                    taken.accept().close();
                } catch (IOException e) {
                    // The test is over.
                }
            });
            String yaml = directory().replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort());
            assertThat(check(yaml, "--no-network")).isEqualTo(1);
            assertThat(printed).contains("FAIL  http");
            closing.interrupt();
        }
    }

    @Test
    void daysThatAreNoneAreWrongUse() throws IOException {
        assertThat(check(directory(), "--offline-days", "many")).isEqualTo(2);
        assertThat(check(directory(), "--offline-days", "0")).isEqualTo(2);
    }

    @Test
    void aClosedLinkFailsAndNothingIsAskedOverIt() throws IOException {
        assertThat(check(directory() + "link: {rate: 0}\n")).isEqualTo(1);
        assertThat(printed).contains("FAIL  link-windows", "SKIP  link-budget");
    }

    private String directory() {
        return directory("{config: {type: FILESYSTEM, config: {directory: '%s'}}}".formatted(dir.resolve("bucket")));
    }

    private static String directory(String objstore) {
        return """
                site: it
                sources:
                - {type: prometheus, path: data}
                objstore: %s
                http: {listen: 127.0.0.1:0}
                """.formatted(objstore);
    }

    private static List<Path> files(Path under) throws IOException {
        if (!Files.exists(under)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private int check(String yaml, String... words) throws IOException {
        Files.createDirectories(dir.resolve("bucket"));
        Path config = Files.writeString(dir.resolve("agent.yaml"), yaml);
        out.reset();
        String[] all = Arrays.copyOf(words, words.length + 3);
        System.arraycopy(words, 0, all, 1, words.length);
        all[0] = "check";
        all[words.length + 1] = "--config";
        all[words.length + 2] = config.toString();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Commands.run(AgentMain.COMMANDS, all, new Terminal(stream, stream, false));
        printed = out.toString(StandardCharsets.UTF_8);
        return code;
    }
}
