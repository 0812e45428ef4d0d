package io.edgeship.it;

import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agent beside the Loki of a site: a real process that is started, killed and started again.
final class LogsAgent implements AutoCloseable {
    private final String site;
    private final TenantMode mode;
    private final Path log;
    private final Path config;
    private @Nullable Child process;

    /// @param transport `plain` or `inbox`
    /// @param objstore  the file that says how the site reaches the logs' bucket
    LogsAgent(Path home, String site, TenantMode mode, String transport, EdgeLoki edge, Path objstore)
            throws IOException {
        this.site = site;
        this.mode = mode;
        log = home.resolve("agent-%s.log".formatted(site));
        config = Files.writeString(home.resolve("agent-%s.yaml".formatted(site)), """
                site: %s
                sources:
                - {type: loki, path: '%s', url: '%s', tenants: %s, segment_interval: 2s, max_segment_bytes: 60KiB}
                transport: %s
                logs: {objstore: {file: '%s'}}
                spool: {path: '%s'}
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                shutdown_grace: 1s
                link: {stall_timeout: 2s}
                """.formatted(
                site, edge.chunks(), edge.url(), mode.key(), transport, objstore, home.resolve("spool-" + site)));
    }

    String site() {
        return site;
    }

    void start() throws IOException {
        process = EdgeshipProcess.agent(log, config);
    }

    /// `kill -9`
    void kill() throws InterruptedException {
        if (process != null) {
            process.kill();
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Ends it, and starts one that ends when all is shipped.
    void startForTheLastTime(Duration limit) throws IOException {
        close();
        process = EdgeshipProcess.agent(log, config, "--once", "--wait", limit.toSeconds() + "s");
    }

    /// Of the one that was to end.
    int awaitExit(Duration limit) throws IOException, InterruptedException {
        return process == null ? 0 : process.awaitExit(limit);
    }

    /// What all of them have printed.
    String output() throws IOException {
        return Files.readString(log);
    }

    /// The tenant at the centre of what was pushed as `edgeTenant`.
    String tenant(String edgeTenant) {
        return mode.tenant(site, edgeTenant);
    }

    /// What a query of [#tenant] is to answer.
    List<LogLine> expected(EdgeLoki edge, String edgeTenant) {
        return edge.pushed(edgeTenant).stream()
                .map(line -> line.as(tenant(edgeTenant), mode.labels(site)))
                .toList();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
