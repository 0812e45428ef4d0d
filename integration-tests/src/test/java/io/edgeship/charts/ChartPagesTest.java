package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the charts say of themselves: README, schema, versions, what their templates must not use.
class ChartPagesTest {
    private static final Path MIXIN = Path.of("../deploy/mixin");
    private static final String BEGIN = "<!-- values: generated, do not edit -->\n";
    private static final String END = "<!-- end of values -->\n";
    private static final Pattern VERSION = Pattern.compile("<artifactId>edgeship</artifactId>\\s*<version>([^<]+)<");

    private static final Pattern ACTION = Pattern.compile("\\{\\{.*?}}", Pattern.DOTALL);

    /// What would make a rendering depend on something else than chart and values, or need a cluster.
    private static final Pattern FORBIDDEN = Pattern.compile(
            "\\blookup\\b|\\brand[A-Z]|\\bgen(CA|SignedCert|SelfSignedCert|PrivateKey)\\b|\\buuidv4\\b|\\bnow\\b|\\bdate\\b"
                    + "|\\bgetHostByName\\b|Release\\.(Revision|IsInstall|IsUpgrade)|Capabilities");

    static Stream<Chart> charts() {
        return Stream.of("edgeship-agent", "edgeship-central").map(Chart::named);
    }

    /// The table is written from values.yaml: `-Dedgeship.write.docs=true` writes it anew.
    @ParameterizedTest
    @MethodSource("charts")
    void theReadmeShowsEveryValueAsItIs(Chart chart) throws IOException {
        Path page = chart.file("README.md");
        String text = Files.readString(page);
        assertThat(text).contains(BEGIN, END);
        String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        String wanted = before + ValuesTable.of(chart).markdown() + text.substring(text.indexOf(END));
        if (Boolean.getBoolean("edgeship.write.docs")) {
            Files.writeString(page, wanted);
        }
        assertThat(Files.readString(page)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource("charts")
    void theSchemaKnowsEveryValueAndNoOther(Chart chart) {
        ValuesTable values = ValuesTable.of(chart);
        assertThat(values.describedBy(chart.yaml("values.schema.json"))).isEqualTo(values.keys());
    }

    @ParameterizedTest
    @MethodSource("charts")
    void nothingBesideTheSchemasPropertiesIsAllowedButInGlobal(Chart chart) {
        List<String> open = ValuesTable.of(chart).keys().stream()
                .filter(key -> key.contains("."))
                .map(key -> key.substring(0, key.lastIndexOf('.')))
                .distinct()
                .filter(parent -> !Boolean.FALSE.equals(schemaOf(chart, parent).get("additionalProperties")))
                .toList();
        assertThat(open).containsExactly("global");
    }

    private static Map<?, ?> schemaOf(Chart chart, String key) {
        Object schema = chart.yaml("values.schema.json");
        for (String part : key.split("\\.")) {
            schema = Rendering.at(schema, "properties", part);
        }
        return (Map<?, ?>) schema;
    }

    @ParameterizedTest
    @MethodSource("charts")
    void lintFindsNothingButTheMissingIcon(Chart chart) {
        assertThat(chart.lint()).containsExactly("[INFO] Chart.yaml: icon is recommended");
    }

    @ParameterizedTest
    @MethodSource("charts")
    void itsVersionIsTheProducts(Chart chart) {
        Matcher version = VERSION.matcher(Chart.read(Path.of("../pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(chart.yaml("Chart.yaml").get("appVersion")).isEqualTo(version.group(1));
        assertThat(chart.yaml("Chart.yaml").get("version")).isEqualTo(version.group(1));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void templatesNeedNeitherClusterNorClockNorLuck(Chart chart) {
        for (Path template : chart.filesBelow("templates")) {
            String text = Chart.read(template);
            assertThat(ACTION.matcher(text).results().map(MatchResult::group))
                    .as("%s", template)
                    .noneMatch(action -> FORBIDDEN.matcher(action).find());
            assertThat(text).as("%s", template).doesNotContain("helm.sh/hook");
        }
    }

    /// A chart cannot reach out of its folder, but Helm follows links.
    @Test
    void rulesAndDashboardsAreLinksToTheMixin() throws IOException {
        Set<Path> linked = new TreeSet<>();
        for (Path file :
                charts().flatMap(chart -> chart.filesBelow("files").stream()).toList()) {
            assertThat(file).isSymbolicLink();
            linked.add(file.toRealPath());
        }
        Set<Path> mixin = new TreeSet<>();
        for (String folder : List.of("rules", "dashboards")) {
            try (var files = Files.list(MIXIN.resolve(folder))) {
                for (Path file : files.toList()) {
                    mixin.add(file.toRealPath());
                }
            }
        }
        assertThat(linked).isEqualTo(mixin).hasSizeGreaterThan(5);
    }

    @Test
    void aValueWithoutACommentIsNoticed() {
        assertThatThrownBy(() -> ValuesTable.parse("a:\n  # -- One.\n  b: 1\n  c: 2\n"))
                .hasMessage("a.c has no comment");
    }
}
