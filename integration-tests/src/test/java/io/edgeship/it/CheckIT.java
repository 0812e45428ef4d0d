package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.agent.check.Check;
import io.edgeship.agent.check.Checkup;
import io.edgeship.agent.check.Finding;
import io.edgeship.agent.check.Finding.Verdict;
import io.edgeship.agent.check.Report;
import io.edgeship.agent.check.Setup;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.SourceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `edgeship check` against real stores with and without policies, and a real Prometheus.
class CheckIT {
    private static final String SITE = "greenhouse-7";

    @TempDir
    private Path dir;

    @Test
    void withoutPoliciesItWarnsOfWhatAThiefCouldDoAndKeepsNothing() throws Exception {
        Path spool = Files.createDirectories(dir.resolve("data/wal")).resolveSibling("edgeship-spool");
        Spool.open(spool).close();
        try (LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "telemetry")) {
            LinkConfig budget = LinkConfig.from(ConfigFile.parse("link", "budget: {daily: 100MiB}", Map.of())
                    .root());
            Report report = check(Optional.empty(), server.objstoreYaml("telemetry"), budget, false);
            assertVerdict(report, Verdict.PASS, Check.S3_PUT, Check.S3_GET, Check.S3_HEAD, Check.S3_LIST, Check.CLOCK);
            assertVerdict(report, Verdict.PASS, Check.S3_MULTIPART_CREATE, Check.S3_MULTIPART_UPLOAD);
            assertVerdict(report, Verdict.PASS, Check.S3_MULTIPART_LIST, Check.S3_MULTIPART_ABORT, Check.THROUGHPUT);
            assertVerdict(report, Verdict.WARN, Check.S3_MARKS, Check.S3_OTHER_SITES, Check.S3_RECEIPTS);
            assertVerdict(report, Verdict.WARN, Check.S3_DELETE, Check.TLS);
            assertThat(report.failed()).isFalse();
            assertThat(spool.resolve(LinkGovernor.BUDGET_FILE))
                    .as("1 MiB counts")
                    .isNotEmptyFile();
            assertThat(objects(server.objstoreYaml("telemetry"))).isEmpty();

            Report nowhere = check(Optional.empty(), server.objstoreYaml("nowhere"), LinkConfig.OPEN, false);
            assertVerdict(nowhere, Verdict.FAIL, Check.S3_PUT);
            assertVerdict(nowhere, Verdict.SKIP, Check.THROUGHPUT);
            LinkConfig closed = LinkConfig.from(
                    ConfigFile.parse("link", "rate: 0", Map.of()).root());
            Report shut = check(Optional.empty(), server.objstoreYaml("telemetry"), closed, false);
            assertVerdict(shut, Verdict.FAIL, Check.LINK_WINDOWS);
            assertVerdict(shut, Verdict.SKIP, Check.THROUGHPUT);
        }
    }

    @Test
    void withThePolicyOfItsTransportAllIsWell() throws Exception {
        Files.createDirectories(dir.resolve("data/wal"));
        try (LocalMinio server = LocalMinio.start(Program.minio(), dir)) {
            for (boolean inbox : new boolean[] {false, true}) {
                String policy = LocalMinio.policy(inbox ? "iam-agent-inbox.json" : "iam-agent-plain.json", SITE);
                Report report =
                        check(Optional.empty(), server.objstoreYaml(policy, server.port()), LinkConfig.OPEN, inbox);
                assertThat(report.findings().stream()
                                .filter(finding -> finding.check().toString().startsWith("s3-")))
                        .as("inbox %s", inbox)
                        .hasSizeGreaterThan(6)
                        .allMatch(finding -> finding.verdict() == Verdict.PASS, "passes");
                assertVerdict(report, Verdict.PASS, Check.S3_MARKS, Check.S3_DELETE, Check.CLOCK, Check.THROUGHPUT);
            }
            assertThat(objects(server.objstoreYaml())).containsExactly("edgeship/sites/" + SITE + "/check/probe");
            String other = LocalMinio.policy("iam-agent-plain.json", "another-site");
            Report wrong = check(Optional.empty(), server.objstoreYaml(other, server.port()), LinkConfig.OPEN, false);
            assertVerdict(wrong, Verdict.FAIL, Check.S3_PUT);
        }
    }

    @Test
    void aRealPrometheusIsAsked() throws Exception {
        Path binary = Program.prometheus();
        try (LocalPrometheus prometheus = new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                .externalLabel("replica", "a")
                .start()) {
            String bucket = "type: FILESYSTEM\nconfig: {directory: '%s'}\n".formatted(dir);
            Report report = check(Optional.of(prometheus), bucket, LinkConfig.OPEN, false);
            assertVerdict(report, Verdict.PASS, Check.PATH, Check.LABELS);
            assertThat(of(report, Check.LABELS).text()).contains("replica=a");
            assertThat(of(report, Check.PROMETHEUS_VERSION).text()).matches("[0-9]+\\.[0-9]+\\..*");
            assertThat(of(report, Check.COMPACTION).text())
                    .as("blocks of seconds")
                    .contains("two hours");
            assertThat(of(report, Check.RETENTION).text()).contains("Prometheus keeps");
        }
    }

    private Report check(Optional<LocalPrometheus> prometheus, String objstore, LinkConfig link, boolean inbox)
            throws Exception {
        Path data = prometheus.map(LocalPrometheus::dataDir).orElse(dir.resolve("data"));
        SourceConfig source = new SourceConfig(
                data,
                prometheus.map(LocalPrometheus::url),
                new TreeMap<>(),
                0,
                data.resolve(Spool.DIRECTORY_NAME),
                new Backfill.All());
        Setup setup = new Setup(
                SITE,
                "site",
                List.of(source),
                ObjstoreConfig.parse("objstore.yml", objstore),
                link,
                new HttpConfig(new ListenAddress("127.0.0.1", 0), Optional.empty()),
                _ -> SpoolLimits.NONE,
                inbox,
                14,
                true);
        return Checkup.run(setup, StoreClock.system(), finding -> {});
    }

    private static void assertVerdict(Report report, Verdict verdict, Check... checks) {
        for (Check check : checks) {
            Finding finding = of(report, check);
            assertThat(finding.verdict()).as(finding.line()).isEqualTo(verdict);
        }
    }

    private static Finding of(Report report, Check check) {
        return Objects.requireNonNull(byCheck(report).get(check), check.toString());
    }

    private static Map<Check, Finding> byCheck(Report report) {
        return report.findings().stream()
                .collect(Collectors.toMap(Finding::check, finding -> finding, (first, second) -> first));
    }

    private static List<String> objects(String objstore) throws Exception {
        try (var bucket = Buckets.open(ObjstoreConfig.parse("objstore.yml", objstore))) {
            return bucket.list("", null, null, 100).objects().stream()
                    .map(object -> object.key())
                    .toList();
        }
    }
}
