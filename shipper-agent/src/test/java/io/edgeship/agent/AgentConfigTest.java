package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.ShippingOrder;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.loki.Tenants;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.reduce.ReductionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
    private static final Path EXAMPLE = Path.of("../deploy/examples/agent.yaml");
    private static final Path PAGE = Path.of("../docs/reference/agent.md");
    private static final Path LINK_PAGE = Path.of("../docs/reference/link.md");
    private static final Pattern KEY_ROW = Pattern.compile("(?m)^\\| `([a-z_.\\[\\]]+)` \\|");
    private static final String LOKI = "\n- {type: loki, path: /loki/chunks}";
    private static final String LOGS =
            "logs: {objstore: {config: {type: FILESYSTEM, config: {directory: /logs-bucket}}}}\n";

    private static final String SMALLEST = """
            site: greenhouse-7
            sources:
            - {type: prometheus, path: /prometheus}
            objstore: {config: {type: FILESYSTEM, config: {directory: /bucket}}}
            """;

    @Test
    void theExampleIsReadAndMeansWhatItSays() throws ConfigException {
        AgentConfig config = AgentConfig.read(EXAMPLE, Map.of());
        assertThat(config.site()).isEqualTo("greenhouse-7");
        SourceConfig source = config.sources().getFirst();
        assertThat(source.path()).isEqualTo(Path.of("/prometheus"));
        assertThat(source.spool()).isEqualTo(Path.of("/prometheus/edgeship-spool"));
        assertThat(source.url()).contains("http://127.0.0.1:9090");
        assertThat(source.externalLabels()).isEqualTo(Map.of("replica", "a"));
        assertThat(config.objstore().config()).isInstanceOf(ObjstoreConfig.S3.class);
    }

    @Test
    void whatIsNotSaidHasTheDefaultsOfThePage() throws ConfigException {
        AgentConfig config = parse(SMALLEST);
        assertThat(config.siteLabel()).isEqualTo("site");
        assertThat(config.http().listen()).hasToString("127.0.0.1:10902");
        assertThat(config.scanInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.plain().partSizeBytes()).isEqualTo(64 << 20);
        assertThat(config.sources().getFirst().backfill()).isEqualTo(new Backfill.All());
        assertThat(config.sources().getFirst().url()).isEmpty();
    }

    @Test
    void anEnvironmentVariableWins() throws ConfigException {
        Map<String, String> environment = Map.of(
                "EDGESHIP_SITE", "greenhouse-8",
                "EDGESHIP_SOURCES_0_PATH", "/elsewhere",
                "EDGESHIP_SHUTDOWN_GRACE", "5s");
        AgentConfig config = AgentConfig.of(ConfigFile.parse("agent.yaml", SMALLEST, environment), Path.of("/etc"));
        assertThat(config.site()).isEqualTo("greenhouse-8");
        assertThat(config.sources().getFirst().path()).isEqualTo(Path.of("/elsewhere"));
        assertThat(config.shutdownGrace()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void fileNamesAreMeantFromTheFilesOwnDirectory() throws ConfigException {
        AgentConfig config = parse(SMALLEST.replace("path: /prometheus", "path: ../data"));
        assertThat(config.sources().getFirst().path()).isEqualTo(Path.of("/data"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "site: Greenhouse                    | agent.yaml:1: | lower-case",
                "site: abcdefghijklmnopqrstuvwxyz    | agent.yaml:1: | 26",
                "site: greenhouse-7\\nsite_label: a-b | agent.yaml:2: | label name",
                "site: greenhouse-7\\nbackfill: soon  | agent.yaml:2: | backfill",
                "site: greenhouse-7\\npart_size: 1MiB | agent.yaml:2: | 5MiB",
                "site: greenhouse-7\\nscan_interval: 0s | agent.yaml:2: | more than zero",
                "site: greenhouse-7\\nscan_intervall: 1s | agent.yaml:2: | scan_interval",
                "site: greenhouse-7\\nhttp: {listen: nowhere} | agent.yaml:2: | listen",
                "site: greenhouse-7\\nlog: {level: loud} | agent.yaml:2: | level",
            })
    void whatCannotBeUsedIsNamedWithItsLine(String lines, String place, String words) {
        String yaml = SMALLEST.replace("site: greenhouse-7", lines.replace("\\n", "\n"));
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(place)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: influx              | prometheus",
                "type: prometheus, url: 'ftp://host' | http://",
                "type: prometheus, url: 'localhost:9090' | http://",
            })
    void aSourceThatCannotBeUsedIsNamed(String source, String words) {
        assertThatThrownBy(() -> parse(SMALLEST.replace("type: prometheus", source)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("agent.yaml:3:")
                .hasMessageContaining(words);
    }

    @Test
    void oneSpoolServesOneSource() {
        String two = SMALLEST.replace("objstore:", "- {type: prometheus, path: /second}\nobjstore:")
                + "spool: {path: /spool}\n";
        assertThatThrownBy(() -> parse(two)).isInstanceOf(ConfigException.class).hasMessageContaining("one source");
    }

    @Test
    void aLokiHasItsSpoolBesideItsChunksAndABucketOfItsOwn() throws ConfigException {
        AgentConfig config = parse(SMALLEST.replace("/prometheus}", "/prometheus}" + LOKI) + LOGS);
        LokiConfig loki = config.lokis().getFirst();
        assertThat(loki.spool()).isEqualTo(Path.of("/loki/edgeship-spool"));
        assertThat(loki.pathInLoki()).isEqualTo(loki.path());
        assertThat(loki.tenants().mode()).isEqualTo(Tenants.Mode.FLEET);
        assertThat(config.logsObjstore()).isPresent().isNotEqualTo(Optional.of(config.objstore()));
        assertThat(config.spools()).hasSize(2);
    }

    @Test
    void whereOnlyLogsAreShippedTheirBucketIsTheOnlyOne() throws ConfigException {
        AgentConfig config = parse("site: it\nsources: [{type: loki, path: /loki/chunks}]\n" + LOGS);
        assertThat(config.logsObjstore()).contains(config.objstore());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tenants: ours          | fleet, site, verbatim",
                "fleet_tenant: index    | folder",
                "fleet_tenant: abcdefghijklmnopqrstuvwxyz | 26",
                "drop: ['{']            | selector",
                "drop: ['{}']           | every stream",
                "flush: true            | url",
                "segment_interval: 0s   | more than zero",
                "max_segment_bytes: 0   | more than zero",
            })
    void aLokiThatCannotBeUsedIsNamed(String keys, String words) {
        String loki = LOKI.replace("/loki/chunks", "/loki/chunks, " + keys);
        assertThatThrownBy(() -> parse(SMALLEST.replace("/prometheus}", "/prometheus}" + loki) + LOGS))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("agent.yaml:")
                .hasMessageContaining(words);
    }

    @Test
    void logsWantABucketOfTheirOwnAndASource() {
        assertThatThrownBy(() -> parse(SMALLEST.replace("/prometheus}", "/prometheus}" + LOKI)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("objstore");
        assertThatThrownBy(() -> parse(SMALLEST + LOGS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("loki");
    }

    @Test
    void thePagesNameTheKeysThatAreReadAndNoOthers() throws Exception {
        String rule = ", reduce: {relabel: [{action: drop, source_labels: [a]}]}}";
        Set<String> read = new TreeSet<>(parse(SMALLEST.replace("/prometheus}", "/prometheus" + rule + LOKI)
                        + LOGS
                        + "link: {windows: [{cron: '* * * * *', duration: 1m}]}\n")
                .keys());
        read.removeIf(key -> key.startsWith("objstore.config.") || key.startsWith("logs.objstore.config."));
        Set<String> onPages = new TreeSet<>();
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("## Keys"), page.indexOf("## Endpoints"));
        KEY_ROW.matcher(table).results().forEach(row -> onPages.add(row.group(1)));
        KEY_ROW.matcher(Files.readString(LINK_PAGE)).results().forEach(row -> onPages.add(row.group(1)));
        assertThat(onPages).isEqualTo(read);
    }

    @Test
    void aSourceSaysWhatOfItsBlocksIsShipped() throws ConfigException {
        ReductionConfig reduction = parse(reducing("""
                      relabel:
                      - {source_labels: [__name__], regex: go_.*, action: DROP}
                      - {regex: pod_uid, action: labeldrop}
                      resolution: 5m
                      round: 6
                """)).sources().getFirst().reduction();

        assertThat(reduction.relabeling().canonical()).isEqualTo("""
                drop source_labels="__name__" regex="go_.*"
                labeldrop regex="pod_uid"
                """);
        assertThat(reduction.resolution()).contains(Resolution.FIVE_MINUTES);
        assertThat(reduction.significantDigits()).hasValue(6);
        assertThat(reduction.isNone()).isFalse();
        assertThat(parse(SMALLEST).sources().getFirst().reduction().isNone()).isTrue();
        assertThat(parse(reducing("      relabel: []\n      round: off\n      resolution: raw\n"))
                        .sources()
                        .getFirst()
                        .reduction())
                .isEqualTo(ReductionConfig.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relabel: {}                         | 6 | relabel is a list",
                "relabel: [{action: replce}]         | 6 | action is one of replace, keep,",
                "relabel: [{}]                       | 6 | target_label is missing",
                "relabel: [{action: drop, regex: }]  | 6 | regex is written without a value",
                "relabel: [{action: drop, regex: (}] | 6 | regex is no regular expression",
                "relabel: [{action: drop, regx: a}]  | 6 | did you mean 'regex'",
                "relabel: [{action: drop, regex: a,\\n        modulus: many}] | 7 | modulus is not a whole number",
                "relabel: [{action: hashmod, target_label: a}] | 6 | modulus must be 1 or more",
                "relabel: [{action: labeldrop, regex: a, source_labels: [b]}] | 6 | source_labels cannot be set",
                "resolution: 1h                      | 6 | resolution is raw or 5m",
                "round: 18                           | 6 | round is off, or a number",
                "round: 0                            | 6 | round is off, or a number",
                "round: true                         | 6 | round is off, or a number",
            })
    void aReductionThatCannotBeMeantIsNamedWithItsLine(String lines, int line, String words) {
        assertThatThrownBy(() -> parse(reducing("      " + lines.replace("\\n", "\n") + "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("agent.yaml:" + line + ":")
                .hasMessageContaining(words);
    }

    private static String reducing(String keys) {
        return SMALLEST.replace(
                "- {type: prometheus, path: /prometheus}\n",
                "- type: prometheus\n  path: /prometheus\n  reduce:\n" + keys);
    }

    @Test
    void printedAndReadAgainItIsTheSameAndNamesEveryDocumentedKey(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(
                dir.resolve("agent.yaml"),
                reducing("      relabel: [{action: labeldrop, regex: a}]\n")
                                .replace("\nobjstore:", LOKI + "\nobjstore:")
                        + LOGS + """
                link: {rate: 64KiB, windows: [{cron: '0 1 * * *', duration: 4h}]}
                backfill: 14d
                """);
        String printed = AgentConfig.effective(file, Map.of("EDGESHIP_SITE", "greenhouse-8"));
        Path again = Files.writeString(dir.resolve("again.yaml"), printed);
        Map<String, String> environment = Map.of("EDGESHIP_SITE", "greenhouse-8");
        assertThat(AgentConfig.read(again, Map.of())).isEqualTo(AgentConfig.read(file, environment));
        assertThat(printed).contains("site: greenhouse-8  # from EDGESHIP_SITE", "order: oldest_first  # default");
        String page = Files.readString(PAGE);
        String keys = page.substring(page.indexOf("## Keys"), page.indexOf("## Endpoints"));
        for (String table : new String[] {keys, Files.readString(LINK_PAGE)}) {
            KEY_ROW.matcher(table)
                    .results()
                    .map(row -> row.group(1))
                    .forEach(key -> assertThat(printed)
                            .as(key)
                            .containsPattern("(?m)^[- #]*" + key.substring(key.lastIndexOf('.') + 1) + ":"));
        }
    }

    @Test
    void aPrintedObjstoreFileFollowsAndKeepsItsSecret(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("objstore.yml"), """
                type: S3
                config: {bucket: b, endpoint: e, access_key: who, secret_key: s3cr3t}
                """);
        String yaml = SMALLEST.replaceAll("objstore: .*", "objstore: {file: objstore.yml}");
        Path file = Files.writeString(dir.resolve("agent.yaml"), yaml);
        String printed = AgentConfig.effective(file, Map.of());
        assertThat(printed)
                .contains("---", "access_key: who", "max_retries: 3  # default")
                .doesNotContain("s3cr3t");
        Files.writeString(file, printed);
        assertThat(AgentConfig.read(file, Map.of()).objstore().file()).contains(dir.resolve("objstore.yml"));
    }

    @Test
    void whatIsSaidOfTheLinkCounts() throws ConfigException {
        AgentConfig config = parse(SMALLEST + """
                transport: inbox
                centre: edgeship
                order: freshest_first
                link:
                  rate: 64KiB
                  budget: {daily: 1MiB, on_exhausted: freshest_only}
                """);
        assertThat(config.transport()).isEqualTo(AgentConfig.Transport.INBOX);
        assertThat(config.order()).isEqualTo(ShippingOrder.FRESHEST_FIRST);
        assertThat(config.link().bytesPerSecond()).isEqualTo(64 << 10);
        assertThat(config.leavesHoles()).isEmpty();
    }

    @Test
    void nothingButPacksAreKeptOnlyWhereTheyAreMade() throws ConfigException {
        assertThat(parse(SMALLEST).packs()).isEqualTo(PackConfig.NONE);
        assertThat(parse(SMALLEST + "transport: packed\n").packs()).isEqualTo(new PackConfig(true, false));
        assertThat(parse(SMALLEST + "transport: packed\nspool: {store: packed}\n")
                        .packs())
                .isEqualTo(new PackConfig(true, true));
        assertThatThrownBy(() -> parse(SMALLEST + "transport: inbox\nspool: {store: packed}\n"))
                .hasMessageContaining("spool.store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order: freshest_first", "link: {budget: {daily: 1MiB, on_exhausted: freshest_only}}"})
    void whatLeavesHolesIsNamedWhereAStockThanosCompacts(String holes) throws ConfigException {
        assertThat(parse(SMALLEST + holes + "\n").leavesHoles())
                .hasValueSatisfying(why -> assertThat(why).contains("Thanos compactor halts"));
    }

    @Test
    void shippingFiveMinutesOnlyLeavesTheRawWindowsEmpty() throws ConfigException {
        String yaml = reducing("      resolution: 5m\n");
        assertThat(parse(yaml).leavesHoles())
                .hasValueSatisfying(why -> assertThat(why).contains("resolution: 5m", "Thanos compactor halts"));
        assertThat(parse(yaml + "centre: edgeship\n").leavesHoles()).isEmpty();
    }

    private static AgentConfig parse(String yaml) throws ConfigException {
        return AgentConfig.of(ConfigFile.parse("agent.yaml", yaml, Map.of()), Path.of("/etc"));
    }
}
