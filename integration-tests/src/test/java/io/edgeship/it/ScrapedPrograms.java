package io.edgeship.it;

import io.edgeship.demo.BundledChunks;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real Prometheus that scrapes a real agent, compactor and fleet server while they ship its own blocks, and logs.
final class ScrapedPrograms implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(3);

    /// Panels' queries that find nothing here, and why that is right.
    static final Map<String, String> EMPTY =
            Map.of("compactor: How long a plan takes B", "windows of two hours are not over, so nothing was compacted");

    private final Path dir;
    private final int agentPort;
    private final int compactorPort;
    private final int fleetPort;
    private final LocalS3 server;
    private final LocalPrometheus prometheus;
    private final PrometheusApi api;
    private final List<Child> ours = new ArrayList<>();

    private ScrapedPrograms(Path dir) throws IOException, InterruptedException {
        this.dir = dir;
        agentPort = LocalPrometheus.freePort();
        compactorPort = LocalPrometheus.freePort();
        fleetPort = LocalPrometheus.freePort();
        LocalPrometheus.Setup setup = new LocalPrometheus.Setup(Program.prometheus(), dir.resolve("prometheus"))
                .externalLabel("replica", "a")
                .scrape("agent", "127.0.0.1:" + agentPort)
                .scrape("compactor", "127.0.0.1:" + compactorPort)
                .scrape("fleet", "127.0.0.1:" + fleetPort);
        server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "mixin", "logs");
        prometheus = setup.start();
        api = new PrometheusApi(prometheus.url());
    }

    /// Returns once a site is fresh.
    ///
    /// @param dir for everything that they write
    static ScrapedPrograms start(Path dir) throws IOException, InterruptedException {
        ScrapedPrograms programs = new ScrapedPrograms(dir);
        try {
            programs.startOurs();
            return programs;
        } catch (IOException | InterruptedException e) {
            programs.close();
            throw e;
        }
    }

    private void startOurs() throws IOException, InterruptedException {
        Path objstore = Files.writeString(dir.resolve("objstore.yml"), server.objstoreYaml("mixin"));
        Files.writeString(dir.resolve("logs.yml"), server.objstoreYaml("logs"));
        BundledChunks.unpack(dir.resolve("loki/chunks"));
        Path centre = centre(objstore);
        ours.add(EdgeshipProcess.agent(dir.resolve("agent.log"), site(objstore)));
        ours.add(EdgeshipProcess.compactor(dir.resolve("compactor.log"), centre));
        Child fleet = EdgeshipProcess.start(
                "fleet server",
                dir.resolve("fleet.log"),
                "io.edgeship.compact.CompactMain",
                List.of("-Xmx64m"),
                List.of("fleet", "--serve", "--config", centre.toString()));
        ours.add(fleet);
        fleet.await("a site that is fresh", LIMIT, this::isFresh);
    }

    private boolean isFresh() throws IOException, InterruptedException {
        return finds("edgeship_fleet_site_state{site=\"it\",state=\"fresh\"} == 1")
                && finds("increase(edgeship_ship_blocks_total[10m]) > 0");
    }

    /// Prometheus' address.
    String url() {
        return prometheus.url();
    }

    /// Whether Prometheus answers a query with a series now.
    boolean finds(String query) throws IOException, InterruptedException {
        return api.answer(query, System.currentTimeMillis()).series() > 0;
    }

    private Path site(Path objstore) throws IOException {
        return Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: '%s', url: "%s"}
                - {type: loki, path: '%s', segment_interval: 1s}
                objstore: {file: '%s'}
                logs: {objstore: {file: logs.yml}}
                http: {listen: "127.0.0.1:%d"}
                scan_interval: 1s
                link: {budget: {daily: 10GiB, monthly: 100GiB}}
                """.formatted(
                        prometheus.dataDir(), prometheus.url(), dir.resolve("loki/chunks"), objstore, agentPort));
    }

    private Path centre(Path objstore) throws IOException {
        Files.writeString(dir.resolve("loki.yaml"), """
                schema_config:
                  configs:
                  - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                """);
        return Files.writeString(dir.resolve("compactor.yaml"), """
                interval: 1s
                objstore: {file: '%s'}
                logs: {objstore: {file: logs.yml}, loki: {config_file: loki.yaml}}
                http: {listen: "127.0.0.1:%d"}
                fleet: {interval: 1s, http: {listen: "127.0.0.1:%d"}}
                """.formatted(objstore, compactorPort, fleetPort));
    }

    @Override
    public void close() {
        ours.reversed().forEach(Child::close);
        prometheus.close();
        server.close();
    }
}
