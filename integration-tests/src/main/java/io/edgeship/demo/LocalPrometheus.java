package io.edgeship.demo;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A real Prometheus as a child process: scrapes itself and the targets given, and cuts blocks of some seconds.
///
/// Prometheus cuts its head once that spans one and a half blocks, so the first block is there after one and a half to
/// two and a half times [Setup#blocks].
public final class LocalPrometheus implements AutoCloseable {
    /// The shortest block that the demo and the tests ask for: shorter ones hold too few scrapes to show anything.
    public static final Duration SHORTEST_BLOCK = Duration.ofSeconds(10);

    private static final Duration START_LIMIT = Duration.ofSeconds(40);

    private final Setup setup;
    private final int port;
    private Child child;

    private LocalPrometheus(Setup setup, int port) throws IOException, InterruptedException {
        this.setup = setup;
        this.port = port;
        child = launch();
    }

    /// The program on the PATH, if there is one.
    public static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return List.of(path.split(":")).stream()
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// A port of the loopback address that was free a moment ago.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public Path dataDir() {
        return setup.dataDir();
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Stops it (SIGTERM, or `kill -9`) and starts it again on the same data and port.
    public void restart(boolean kill) throws IOException, InterruptedException {
        if (kill) {
            child.kill();
        }
        child.close();
        child = launch();
    }

    private Child launch() throws IOException, InterruptedException {
        Files.createDirectories(setup.home);
        Files.writeString(setup.home.resolve("prometheus.yml"), setup.yaml(port));
        Child started = Child.start("prometheus", setup.home.resolve("prometheus.log"), setup.command(port), Map.of());
        try {
            started.await("Prometheus to be ready", START_LIMIT, () -> answers(url() + "/-/ready"));
            return started;
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    /// Whether a GET of the address answers 200 now.
    public static boolean answers(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setConnectTimeout(2_000);
            connection.setReadTimeout(5_000);
            boolean ok = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            connection.disconnect();
            return ok;
        } catch (IOException e) {
            return false; // not yet listening: the caller polls
        }
    }

    @Override
    public void close() {
        child.close();
    }

    /// What to start, put together step by step.
    public static final class Setup {
        private final Path binary;
        private final Path home;
        private Duration block = SHORTEST_BLOCK;
        private Duration blockMax = SHORTEST_BLOCK;
        private Duration scrapeInterval = Duration.ofSeconds(1);
        private Duration outOfOrderWindow = Duration.ZERO;
        private final SortedMap<String, String> externalLabels = new TreeMap<>();
        private final SortedMap<String, String> targets = new TreeMap<>();
        private final List<String> flags = new ArrayList<>();

        /// @param home directory for its configuration, log and `data/`; made if missing
        public Setup(Path binary, Path home) {
            this.binary = binary;
            this.home = home;
        }

        /// Cuts blocks of `block`, and merges them up to `blockMax` (equal: never).
        public Setup blocks(Duration length, Duration lengthMax) {
            block = length;
            blockMax = lengthMax;
            return this;
        }

        public Setup scrapeEvery(Duration interval) {
            scrapeInterval = interval;
            return this;
        }

        /// How old samples may be that it still takes; zero: only newer ones.
        public Setup outOfOrder(Duration window) {
            outOfOrderWindow = window;
            return this;
        }

        public Setup externalLabel(String name, String value) {
            externalLabels.put(name, value);
            return this;
        }

        public Setup scrape(String job, String address) {
            targets.put(job, address);
            return this;
        }

        public Setup flag(String flag) {
            flags.add(flag);
            return this;
        }

        public LocalPrometheus start() throws IOException, InterruptedException {
            return new LocalPrometheus(this, freePort());
        }

        public Path dataDir() {
            return home.resolve("data");
        }

        private List<String> command(int port) {
            List<String> command = new ArrayList<>(List.of(
                    binary.toString(),
                    "--config.file=" + home.resolve("prometheus.yml"),
                    "--storage.tsdb.path=" + dataDir(),
                    "--storage.tsdb.min-block-duration=" + block.toMillis() + "ms",
                    "--storage.tsdb.max-block-duration=" + blockMax.toMillis() + "ms",
                    "--web.listen-address=127.0.0.1:" + port));
            command.addAll(flags);
            return command;
        }

        private String yaml(int port) {
            StringBuilder yaml = new StringBuilder();
            yaml.append("global:\n  scrape_interval: ")
                    .append(scrapeInterval.toMillis())
                    .append("ms\n");
            yaml.append("  scrape_timeout: ").append(scrapeInterval.toMillis()).append("ms\n");
            if (!externalLabels.isEmpty()) {
                yaml.append("  external_labels:\n");
                externalLabels.forEach((name, value) -> yaml.append("    %s: '%s'\n".formatted(name, value)));
            }
            if (!outOfOrderWindow.isZero()) {
                yaml.append("storage:\n  tsdb:\n    out_of_order_time_window: ")
                        .append(outOfOrderWindow.toMillis())
                        .append("ms\n");
            }
            yaml.append("scrape_configs:\n");
            yaml.append(job("prometheus", "127.0.0.1:" + port));
            targets.forEach((name, address) -> yaml.append(job(name, address)));
            return yaml.toString();
        }

        private static String job(String name, String address) {
            return "- job_name: %s\n  static_configs: [{targets: ['%s']}]\n".formatted(name, address);
        }
    }
}
