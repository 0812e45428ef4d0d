package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.agent.AgentMain;
import io.edgeship.compact.CompactMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `deploy/quickstart/compose.yaml` without Docker: its parts fit together. `QuickstartIT` runs them.
class QuickstartTest {
    /// The keys of a service that we use; whatever else Compose knows would be a slip of the pen here.
    private static final Set<String> KEYS = Set.of(
            "image",
            "user",
            "entrypoint",
            "command",
            "environment",
            "volumes",
            "ports",
            "depends_on",
            "read_only",
            "cap_drop",
            "security_opt",
            "mem_limit",
            "tmpfs");

    /// A service and a port of it, in a file or a word.
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://|endpoint[:=] ?|\\[\")([a-z0-9][a-z0-9-]*):([0-9]{2,5})");

    private static final Compose COMPOSE = Compose.quickstart();

    @TempDir
    Path dir;

    static Stream<Compose.Service> services() {
        return COMPOSE.services().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceIsMadeOfWhatIsThere(Compose.Service service) {
        assertThat(service.keys().keySet().stream().map(Object::toString))
                .isSubsetOf(KEYS)
                .contains("image");
        assertThat(service.image())
                .as("a version, so that it is the same tomorrow")
                .contains(":")
                .doesNotEndWith(":latest");
        Set<?> volumes = ((Map<?, ?>) at(COMPOSE.text(), "volumes")).keySet();
        for (Compose.Mount mount : service.mounts()) {
            if (mount.isNamed()) {
                assertThat(volumes.contains(mount.source())).as("%s", mount).isTrue();
            } else {
                assertThat(COMPOSE.directory().resolve(mount.source())).exists();
            }
            assertThat(mount.target()).startsWith("/");
        }
        List<String> names = services().map(Compose.Service::name).toList();
        assertThat(service.dependsOn().stream().map(Object::toString)).isSubsetOf(names);
        assertThat(service.words("ports")).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void everyAddressIsThatOfAServiceThatListensThere() throws IOException {
        List<String> seen = new ArrayList<>();
        try (var files = Files.walk(COMPOSE.directory())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.toString().endsWith(".md"))
                    .toList()) {
                ADDRESS.matcher(Chart.read(file)).results().forEach(found -> {
                    if (!found.group(1).startsWith("127")) {
                        String listens = everythingOf(COMPOSE.service(found.group(1)));
                        assertThat(listens)
                                .as("%s in %s", found.group(), file)
                                .containsPattern("\\D" + found.group(2) + "\\b");
                        seen.add(found.group(1));
                    }
                });
            }
        }
        assertThat(new TreeSet<>(seen))
                .containsExactly(
                        "agent",
                        "central-loki",
                        "compactor",
                        "fleet",
                        "loki",
                        "prometheus",
                        "s3",
                        "thanos-query",
                        "thanos-store");
    }

    /// Its words, and the files that it reads.
    private static String everythingOf(Compose.Service service) {
        StringBuilder all = new StringBuilder(service.keys().toString());
        service.mounts().stream()
                .filter(mount -> !mount.isNamed())
                .map(mount -> COMPOSE.directory().resolve(mount.source()))
                .filter(Files::isRegularFile)
                .forEach(file -> all.append('\n').append(Chart.read(file)));
        return all.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "compactor", "fleet"})
    void oursRunAsTheChartsRunThem(String name) {
        Compose.Service service = COMPOSE.service(name);
        String chart = "agent".equals(name) ? "edgeship-agent" : "edgeship-central";
        Object version = Chart.named(chart).yaml("Chart.yaml").get("appVersion");
        assertThat(service.image()).isEqualTo(chart + ":" + version);
        assertThat(service.keys().get("read_only")).isEqualTo(true);
        assertThat(service.words("cap_drop")).containsExactly("ALL");
        assertThat(service.words("security_opt")).containsExactly("no-new-privileges:true");
        assertThat(service.keys().get("user")).isNotNull();
    }

    /// The agent links the files of both.
    @Test
    void theSiteIsOneUser() {
        assertThat(Stream.of("agent", "prometheus", "loki")
                        .map(name -> COMPOSE.service(name).keys().get("user"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void agentAndCompactorReadTheirConfigurations() throws IOException {
        for (String file : List.of("objstore.yml", "logs-objstore.yml", "site/agent.yaml", "centre/compactor.yaml")) {
            Path from = COMPOSE.directory().resolve(file);
            Files.copy(from, dir.resolve(from.getFileName()));
        }
        assertThat(ReadConfig.printed(AgentMain.COMMANDS, List.of("agent"), dir.resolve("agent.yaml")))
                .contains("type: loki", "transport: inbox");
        Path compactor = dir.resolve("compactor.yaml");
        assertThat(ReadConfig.printed(CompactMain.COMMANDS, List.of("compact"), compactor))
                .contains("central-loki:3200", ":10914");
    }

    @Test
    void whatChecksAsksDatasourcesThatGrafanaHas() {
        String check = Chart.read(COMPOSE.directory().resolve("check"));
        List<String> uids = ((List<?>) at(
                        Chart.parse(Chart.read(COMPOSE.directory().resolve("grafana/datasources.yaml"))),
                        "datasources"))
                .stream().map(each -> at(each, "uid").toString()).toList();
        List<String> asked = Pattern.compile("/proxy/uid/([a-z]+)/")
                .matcher(check)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(asked).containsExactly("thanos", "logs").isSubsetOf(uids);
    }
}
