package io.edgeship.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A real Grafana's server: it provisions what lies in a folder, answers its API and passes on to data sources. Its
/// pages are not needed.
public final class Grafana implements AutoCloseable {
    /// Its database is made anew, by some hundred steps.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String ADMINISTRATOR =
            "Basic " + Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.UTF_8));

    /// Pages and panels that were not built, and a step that waits for its next start where its database is busy.
    private static final Pattern OF_ITSELF =
            Pattern.compile("logger=(settings|secret\\.migration|plugins\\.(registration|initialization)) ");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final Child server;

    private Grafana(String url, Child server) {
        this.url = url;
        this.server = server;
    }

    /// @param home the folder that has its `conf` and `public`
    public record Installed(Path program, Path home) {
        /// @param dir for its database and log
        /// @param provisioning as `/etc/grafana/provisioning` in its image; the image's folders are made
        /// @param environment as for its image
        public Grafana start(Path dir, Path provisioning, Map<String, String> environment)
                throws IOException, InterruptedException {
            for (String folder : List.of("access-control", "alerting", "dashboards", "datasources", "plugins")) {
                Files.createDirectories(provisioning.resolve(folder));
            }
            Files.createDirectories(dir.resolve("plugins"));
            int port = LocalPrometheus.freePort();
            Path settings = Files.writeString(dir.resolve("grafana.ini"), settings(dir, provisioning, port));
            List<String> command = List.of(
                    program.toString(), "server", "--homepath", home.toString(), "--config", settings.toString());
            Child server = Child.start("Grafana", dir.resolve("grafana.log"), command, environment);
            Grafana grafana = new Grafana("http://127.0.0.1:" + port, server);
            try {
                server.await(
                        "Grafana to be ready", LIMIT, () -> LocalPrometheus.answers(grafana.url() + "/api/health"));
                return grafana;
            } catch (IOException | InterruptedException e) {
                grafana.close();
                throw e;
            }
        }
    }

    /// Everything in one folder, and nothing asked of anybody outside.
    private static String settings(Path dir, Path provisioning, int port) {
        return """
                [server]
                http_addr = 127.0.0.1
                http_port = %d
                [paths]
                data = %s
                plugins = %s
                provisioning = %s
                [database]
                wal = true
                [log]
                mode = console
                [analytics]
                reporting_enabled = false
                check_for_updates = false
                check_for_plugin_updates = false
                [security]
                disable_gravatar = true
                [plugins]
                public_key_retrieval_disabled = true
                [feature_toggles]
                pluginsDynamicAngularDetectionPatterns = false
                """.formatted(port, dir.resolve("data"), dir.resolve("plugins"), provisioning);
    }

    public static boolean isNamed() {
        return Program.isNamed("EDGESHIP_GRAFANA");
    }

    /// The environment's, or the test is skipped.
    public static Installed installed() {
        Path program = Program.grafana();
        String home = Objects.requireNonNullElse(System.getenv("EDGESHIP_GRAFANA_HOME"), "");
        assumeTrue(!home.isEmpty(), "EDGESHIP_GRAFANA_HOME names no folder with Grafana's conf and public");
        return new Installed(program, Path.of(home));
    }

    public String url() {
        return url;
    }

    /// What a GET of the path answers to its administrator.
    ///
    /// @throws IOException for any other answer than 200
    public Object get(String path) throws IOException, InterruptedException {
        return ok(request(path).build());
    }

    /// The same for a POST.
    public Object post(String path, Object body) throws IOException, InterruptedException {
        return ok(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.std.asString(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", ADMINISTRATOR);
    }

    private Object ok(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("%s answered %d %s".formatted(request.uri(), answer.statusCode(), answer.body()));
        }
        return JSON.std.anyFrom(answer.body());
    }

    /// The folder's title of every dashboard that it has, by the dashboard's UID.
    public Map<String, String> dashboards() throws IOException, InterruptedException {
        Map<String, String> folders = new TreeMap<>();
        for (Object found : (List<?>) get("/api/search?type=dash-db")) {
            Map<?, ?> dashboard = (Map<?, ?>) found;
            folders.put(MixinRules.text(dashboard, "uid"), MixinRules.text(dashboard, "folderTitle"));
        }
        return folders;
    }

    /// The data sources that it has, by their UIDs.
    public Map<String, Map<?, ?>> datasources() throws IOException, InterruptedException {
        Map<String, Map<?, ?>> datasources = new TreeMap<>();
        for (Object found : (List<?>) get("/api/datasources")) {
            Map<?, ?> datasource = (Map<?, ?>) found;
            String uid = MixinRules.text(datasource, "uid");
            datasources.put(uid, (Map<?, ?>) get("/api/datasources/uid/" + uid));
        }
        return datasources;
    }

    /// What it wrote as errors, and as warnings of its provisioning; not what it says of itself without its pages.
    public List<String> complaints() throws IOException {
        return server.output()
                .lines()
                .filter(line -> line.contains("level=error") || line.contains("level=warn"))
                .filter(line -> line.contains("level=error") || line.contains("logger=provisioning"))
                .filter(line -> !OF_ITSELF.matcher(line).find())
                .toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
