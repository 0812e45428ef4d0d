package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.ship.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Commands as a user types them, on a site of one source with a directory as the bucket.
abstract class TypedCommands {
    static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");

    @TempDir
    Path dir;

    Path bucket;
    DataDirectory data;
    Path config;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    final void createSite() throws IOException {
        bucket = Files.createDirectories(dir.resolve("bucket"));
        data = DataDirectory.create(dir.resolve("data"));
        config = Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: data}
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: 127.0.0.1:0}
                log: {level: error}
                """.formatted(bucket));
    }

    /// Runs a command with the test's configuration; returns its exit code.
    final int run(String... words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", config.toString()));
        Terminal terminal = new Terminal(stream(out), stream(err), false);
        return Commands.run(AgentMain.COMMANDS, all.toArray(String[]::new), terminal);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    final String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    final String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
