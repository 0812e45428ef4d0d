package io.edgeship.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final String AGENT = """
            site: greenhouse-7
            sources:
            - type: prometheus
              path: /prometheus
              external_labels: {replica: a}
            http:
              listen: 127.0.0.1:10902
            part_size: 8MiB
            interval: 1m30s
            retries: 3
            dry: true
            """;

    private enum Kind {
        FIRST_KIND,
        OTHER
    }

    private static ConfigSection root(String yaml) throws ConfigException {
        return ConfigFile.parse("agent.yaml", yaml, Map.of()).root();
    }

    @Test
    void readsEveryKindOfValue() throws ConfigException {
        ConfigSection root = root(AGENT);

        assertThat(root.requiredText("site")).isEqualTo("greenhouse-7");
        assertThat(root.section("http").text("listen", "")).isEqualTo("127.0.0.1:10902");
        assertThat(root.size("part_size", 0)).isEqualTo(8 << 20);
        assertThat(root.duration("interval", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(root.integer("retries", 0, 0, 9)).isEqualTo(3);
        assertThat(root.flag("dry", false)).isTrue();
        ConfigSection source = root.sections("sources").getFirst();
        assertThat(source.path()).isEqualTo("sources[0]");
        assertThat(source.textMap("external_labels")).containsExactly(Map.entry("replica", "a"));
    }

    @Test
    void whatIsNotThereIsTheFallback() throws ConfigException {
        ConfigSection root = root("");

        assertThat(root.text("site")).isEmpty();
        assertThat(root.size("part_size", 7)).isEqualTo(7);
        assertThat(root.choice("kind", Kind.class, Kind.OTHER)).isEqualTo(Kind.OTHER);
        assertThat(root.section("http").isPresent()).isFalse();
        assertThat(root.sections("sources")).isEmpty();
        assertThat(root.texts("names")).isEmpty();
        assertThatThrownBy(() -> root.requiredText("site"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("agent.yaml:1: site is missing");
    }

    @Test
    void unknownKeyIsAnErrorThatNamesItsLineAndTheNearestKey() throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", "site: a\nhttp:\n  lisen: x\n", Map.of());
        file.root().text("site");
        file.root().section("http").text("listen");

        assertThatThrownBy(file::rejectUnknownKeys)
                .isInstanceOf(ConfigException.class)
                .hasMessage("agent.yaml:3: unknown key 'http.lisen'; did you mean 'listen'?");
    }

    @Test
    void unknownKeyFarFromAllOthersListsThem() throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", "bandwidth: 1\n", Map.of());
        file.root().text("site");

        assertThatThrownBy(file::rejectUnknownKeys)
                .hasMessage("agent.yaml:1: unknown key 'bandwidth'; known here: site");
    }

    @Test
    void unknownKeyOfAListItemIsFound() throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", "sources:\n- path: a\n- pth: b\n", Map.of());
        for (ConfigSection source : file.root().sections("sources")) {
            source.text("path");
        }

        assertThatThrownBy(file::rejectUnknownKeys).hasMessageContaining("agent.yaml:3: unknown key 'sources[1].pth'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'site: a\nsite: b\n'           | agent.yaml:2: key 'site' is written twice",
                "'http:\n  a: 1\n  a: 2\n'      | agent.yaml:3: key 'http.a' is written twice",
                "'l:\n- {a: 1}\n- {b: 1, b: 2}\n'| agent.yaml:3: key 'l[1].b' is written twice",
                "'a: !java.net.URL [x]\n'       | agent.yaml:1: a has a tag; plain values are wanted",
                "'a: &x 1\nb: *x\n'             | agent.yaml:1: b is an alias; write the value out",
                "'? [a]\n: 1\n'                 | agent.yaml:1: a key is a single value, not a list or a mapping",
                "'- a\n'                        | agent.yaml:1: keys and values are wanted here",
            })
    void yamlThatHidesMistakesIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> root(yaml)).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void brokenYamlNamesTheLineAndQuotesNothing() {
        assertThatThrownBy(() -> root("site: a\nsecret_key: \"hunter2\nb: [\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("agent.yaml:")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "EDGESHIP_RETRIES, ten, EDGESHIP_RETRIES (retries): is not a whole number",
        "EDGESHIP_RETRIES, 10, 'EDGESHIP_RETRIES (retries): is 10, must be 0 to 9'",
    })
    void numbersOfTheEnvironmentAreCheckedAsThoseOfTheFile(String name, String value, String message)
            throws ConfigException {
        ConfigSection root =
                ConfigFile.parse("agent.yaml", AGENT, Map.of(name, value)).root();

        assertThatThrownBy(() -> root.integer("retries", 0, 0, 9)).hasMessage(message);
    }

    @Test
    void wrongValuesPointAtTheirLineAndAreNotPrinted() throws ConfigException {
        ConfigSection root = root("a: 1\nsize: hunter2\nwait: hunter2\nflag: yes\nkind: hunter2\nlist: [1]\n");

        assertThatThrownBy(() -> root.size("size", 0))
                .hasMessage("agent.yaml:2: size is not a size like 8MiB, 100kB or 512");
        assertThatThrownBy(() -> root.duration("wait", Duration.ZERO))
                .hasMessage("agent.yaml:3: wait is not a duration like 30s, 1m30s or 2d");
        assertThatThrownBy(() -> root.flag("flag", true)).hasMessage("agent.yaml:4: flag is true or false");
        assertThatThrownBy(() -> root.choice("kind", Kind.class, Kind.OTHER))
                .hasMessage("agent.yaml:5: kind is one of first_kind, other");
        assertThatThrownBy(() -> root.text("list"))
                .hasMessage("agent.yaml:6: list is a single value, not a list or a mapping");
        assertThatThrownBy(() -> root.section("a")).hasMessage("agent.yaml:1: a is a mapping of keys and values");
    }

    @Test
    void environmentOverridesKeysListElementsAndAddsNewOnes() throws ConfigException {
        ConfigSection root = ConfigFile.parse(
                        "agent.yaml",
                        AGENT,
                        Map.of(
                                "EDGESHIP_HTTP_LISTEN", ":1",
                                "EDGESHIP_SOURCES_0_PATH", "/other",
                                "EDGESHIP_SOURCES_0_EXTERNAL_LABELS", "a=b,c=d=e",
                                "EDGESHIP_SOURCES_1_TYPE", "loki",
                                "EDGESHIP_KIND", "first_kind",
                                "EDGESHIP_NAMES", "x,y"))
                .root();

        assertThat(root.section("http").text("listen", "")).isEqualTo(":1");
        List<ConfigSection> sources = root.sections("sources");
        assertThat(sources).hasSize(2);
        assertThat(sources.get(0).requiredText("type")).isEqualTo("prometheus");
        assertThat(sources.get(0).requiredText("path")).isEqualTo("/other");
        assertThat(sources.get(0).textMap("external_labels"))
                .containsExactly(Map.entry("a", "b"), Map.entry("c", "d=e"));
        assertThat(sources.get(1).requiredText("type")).isEqualTo("loki");
        assertThat(root.choice("kind", Kind.class, Kind.OTHER)).isEqualTo(Kind.FIRST_KIND);
        assertThat(root.texts("names")).containsExactly("x", "y");
    }

    @Test
    void environmentAloneMakesAConfiguration() throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", "", Map.of("EDGESHIP_HTTP_LISTEN", ":1"));

        assertThat(file.root().section("http").isPresent()).isTrue();
        assertThat(file.root().section("http").requiredText("listen")).isEqualTo(":1");
    }

    @Test
    void keysReadAreSpelledAsDocumentationSpellsThem() throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", AGENT, Map.of());
        file.root().section("http").text("listen");
        file.root().sections("sources").getFirst().text("path");

        assertThat(file.keysRead()).containsExactly("http", "http.listen", "sources", "sources[].path");
    }

    @Test
    void fileThatIsNotThereIsNamed(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("agent.yaml");
        assertThatThrownBy(() -> ConfigFile.read(file, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": no such file");

        Files.writeString(file, "site: ü\n---\nsite: second\n");
        assertThat(ConfigFile.read(file, Map.of()).root().requiredText("site")).isEqualTo("ü");
    }

    @Test
    void nestingBeyondAnyConfigurationIsAnErrorNotACrash() {
        assertThatThrownBy(() -> root("a: " + "[".repeat(100_000))).isInstanceOf(ConfigException.class);
    }
}
