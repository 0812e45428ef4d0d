package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final Pattern METRIC = Pattern.compile("\\b(?:edgeship|thanos)_[a-z0-9_]+");

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

    /// A chart cannot reach out of its folder, so what lies in `deploy/mixin` lies there once more:
    /// `-Dedgeship.write.docs=true` copies it.
    @Test
    void rulesAndDashboardsAreThoseOfTheMixin() throws IOException {
        for (Path original : mixin()) {
            Chart chart = Chart.named(original.getFileName().toString().startsWith("agent") ? "edgeship-agent" : "edgeship-central");
            Path copy = chart.file("files").resolve(MIXIN.relativize(original).toString());
            if (Boolean.getBoolean("edgeship.write.docs")) {
                Files.createDirectories(copy.resolveSibling("."));
                Files.copy(original, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(copy).hasSameTextualContentAs(original);
        }
        assertThat(charts().mapToInt(chart -> chart.filesBelow("files").size()).sum())
                .isEqualTo(mixin().size());
    }

    private static List<Path> mixin() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("rules", "dashboards")) {
            if (Files.isDirectory(MIXIN.resolve(folder))) {
                try (var found = Files.list(MIXIN.resolve(folder))) {
                    files.addAll(found.sorted().toList());
                }
            }
        }
        return files;
    }

    /// Rules and dashboards ask for what the programs publish.
    @ParameterizedTest
    @MethodSource("charts")
    void everyMetricInRulesAndDashboardsIsOnAPage(Chart chart) {
        String pages = Stream.of("agent", "compactor", "objstore")
                .map(page -> Chart.read(Path.of("../docs/reference/" + page + ".md")))
                .reduce("", String::concat);
        for (Path file : chart.filesBelow("files")) {
            METRIC.matcher(Chart.read(file)).results().forEach(metric -> assertThat(pages)
                    .as("%s asks for it", file)
                    .contains("`" + metric.group().replaceFirst("_(sum|count|bucket)$", "")));
        }
    }

    @Test
    void aValueWithoutACommentIsNoticed() {
        assertThatThrownBy(() -> ValuesTable.parse("a:\n  # -- One.\n  b: 1\n  c: 2\n"))
                .hasMessage("a.c has no comment");
    }
}
