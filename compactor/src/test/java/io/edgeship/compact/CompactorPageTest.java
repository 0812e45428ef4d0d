package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds `docs/reference/compactor.md` and the example to the code, both ways.
class CompactorPageTest {
    private static final Path PAGE = Path.of("../docs/reference/compactor.md");
    private static final Path EXAMPLE = Path.of("../deploy/examples/compactor.yaml");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+)");

    @Test
    void thePageHasTheKeysOfTheCodeAndNoOthers() throws Exception {
        String yaml = "objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}";
        CompactorConfig config = CompactorConfig.of(ConfigFile.parse("compactor.yaml", yaml, Map.of()), Path.of(""));
        Set<String> keys = config.keys().stream()
                .filter(key -> !key.startsWith("objstore.config.")) // theirs is objstore.md
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(firstCells("## Keys of compactor.yaml")).isEqualTo(keys);
    }

    @Test
    void thePageHasTheMetricsOfTheCodeAndNoOthers() throws Exception {
        Metrics registry = new Metrics();
        OpsServer.start(ListenAddress.parse("127.0.0.1:0"), registry, new Health())
                .close();
        CompactorMetrics metrics = new CompactorMetrics(registry.registry());
        metrics.finished(CompactorMetricsTest.resultOfOneSite());
        metrics.probed(Map.of("conditional_put", "yes"));
        Set<String> scraped = registry.scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(firstCells("## Metrics")).isEqualTo(scraped);
    }

    @Test
    void thePageHasTheMetricsOfTheFleetServerAndNoOthers(@TempDir Path dir) throws Exception {
        Set<String> ofBoth = firstCells("## Metrics");
        Set<String> names = FleetServerTest.names(dir);
        assertThat(names)
                .containsAll(ofBoth.stream()
                        .filter(name -> name.startsWith("edgeship_fleet_"))
                        .toList());
        names.removeAll(ofBoth);

        assertThat(firstCells("## Metrics of the fleet server")).isEqualTo(names);
    }

    @Test
    void thePageHasTheCommandsAndOptionsOfTheCodeAndNoOthers() throws Exception {
        Set<String> commands = new TreeSet<>();
        Set<String> options = new TreeSet<>();
        for (Command command : CompactMain.COMMANDS) {
            commands.add(command.usage().command());
            command.usage().options().stream().map(Option::name).forEach(options::add);
        }
        Set<String> cells = firstCells("## Commands");

        assertThat(cells).allMatch(cell -> cell.startsWith("edgeship "));
        Set<String> commandsOnPage = cells.stream()
                .map(cell -> cell.replaceAll("^edgeship ", "").replaceAll(" (--|\\[|KEY|ULID).*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> optionsOnPage = cells.stream()
                .flatMap(cell -> OPTION.matcher(cell).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(commandsOnPage).isEqualTo(commands);
        assertThat(optionsOnPage).isEqualTo(options);
    }

    @Test
    void theEndpointsOfThePageAnswer() throws Exception {
        Set<String> paths = firstCells("## Endpoints");
        assertThat(paths).hasSize(3);
        assertThat(firstCells("## Endpoints of the fleet server"))
                .containsAll(paths)
                .contains("/", "/fleet.json");
        try (OpsServer server = OpsServer.start(ListenAddress.parse("127.0.0.1:0"), new Metrics(), new Health());
                HttpClient client = HttpClient.newHttpClient()) {
            String index = get(client, server, "/");
            assertThat(index.lines()).containsExactlyInAnyOrderElementsOf(paths);
            for (String path : paths) {
                assertThat(get(client, server, path)).isNotEmpty();
            }
        }
    }

    @Test
    void theExampleIsRead() throws Exception {
        CompactorConfig config = CompactorConfig.read(EXAMPLE, Map.of());

        assertThat(config.http().listen()).hasToString("127.0.0.1:10912");
    }

    private static String get(HttpClient client, OpsServer server, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        var reply = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(path).isEqualTo(200);
        return reply.body();
    }

    /// What is written as code in the first cells of the table under a heading.
    private static Set<String> firstCells(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        Set<String> cells = new TreeSet<>();
        for (String line : lines.subList(lines.indexOf(heading) + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (line.startsWith("| `")) {
                String cell = line.substring(1, line.indexOf(" |", 1));
                CODE.matcher(cell).results().forEach(match -> cells.add(match.group(1)));
            }
        }
        return cells;
    }
}
