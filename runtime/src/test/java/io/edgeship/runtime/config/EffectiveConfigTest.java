package io.edgeship.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
    private static final String GIVEN = """
            name: "says: \\"hi\\" \\\\ # not a comment"
            empty: ""
            list: [a, 'b, c', 'null']
            labels: {"odd name": "x: y", token: t}
            things:
            - {secret_key: s3cr3t, secret_file: /etc/secret}
            - {url: 'http://me:mine@host:9090/x'}
            """;

    @Test
    void whatIsPrintedMeansTheSameWhenItIsRead() throws ConfigException {
        String printed = read(GIVEN, Map.of()).effective();
        ConfigFile again = read(printed, Map.of());
        assertThat(again.effective().replace("  # default", "")).isEqualTo(printed.replace("  # default", ""));
        assertThat(again.root().text("name")).contains("says: \"hi\" \\ # not a comment");
        assertThat(again.root().text("empty")).contains("");
        assertThat(again.root().texts("list")).containsExactly("a", "b, c", "null");
        assertThat(again.root().textMap("labels")).containsEntry("odd name", "x: y");
        assertThat(again.root().sections("things")).hasSize(2);
    }

    @Test
    void defaultsArePrintedAndSaidToBeSuch() throws ConfigException {
        assertThat(read("{}", Map.of()).effective().lines())
                .contains("every: 1m30s  # default", "size: 64MiB  # default", "count: 7  # default")
                .contains("on: true  # default", "# limit: not set", "# name: not set", "# things: not set");
    }

    @Test
    void whatTheEnvironmentOverridesIsNamed() throws ConfigException {
        String printed = read(GIVEN, Map.of("EDGESHIP_NAME", "other", "EDGESHIP_LABELS", "a=b"))
                .effective();
        assertThat(printed).contains("name: other  # from EDGESHIP_NAME\n", "labels:  # from EDGESHIP_LABELS\n  a: b");
    }

    @Test
    void secretsAreNeverPrinted() throws ConfigException {
        String printed =
                read(GIVEN, Map.of("EDGESHIP_THINGS_1_SECRET_KEY", "s3cr3t")).effective();
        assertThat(printed)
                .doesNotContain("s3cr3t", "mine", "token: t\n")
                .contains("secret_key: \"<hidden>\"", "secret_file: /etc/secret", "http://<hidden>@host:9090/x");
    }

    /// A section that is not there may mean something else than one that is.
    @Test
    void aSectionThatIsNotThereStaysAway() throws ConfigException {
        ConfigFile file = read("{}", Map.of());
        file.root().section("only").text("when_there");
        ConfigFile again = ConfigFile.parse("again", file.effective(), Map.of());
        assertThat(again.root().section("only").isPresent()).isFalse();
        assertThat(file.effective()).contains("# only:\n  # when_there: not set");
    }

    private static ConfigFile read(String yaml, Map<String, String> environment) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test", yaml, environment);
        ConfigSection root = file.root();
        root.text("name");
        root.text("empty", "");
        root.texts("list");
        root.textMap("labels");
        root.duration("every", Duration.ofSeconds(90));
        root.size("size", 64 << 20);
        root.size("limit", Long.MAX_VALUE);
        root.integer("count", 7, 0, 10);
        root.flag("on", true);
        List<ConfigSection> things = root.sections("things");
        for (ConfigSection thing : things) {
            thing.text("secret_key");
            thing.text("secret_file");
            thing.text("url");
        }
        return file;
    }
}
