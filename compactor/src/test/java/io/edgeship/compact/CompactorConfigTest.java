package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.job.Schedule;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.compact.logs.LokiConfigSource;
import io.edgeship.compact.merge.MergeRules;
import io.edgeship.compact.plan.Overlaps;
import io.edgeship.compact.plan.PlanRules;
import io.edgeship.compact.retain.Periods;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactorConfigTest {
    private static final String OBJSTORE = "objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}\n";

    @Test
    void theDefaultsAreThoseOfThePage() throws Exception {
        CompactorConfig config = config(OBJSTORE, Map.of());

        assertThat(config.schedule()).isEqualTo(new Schedule.Every(Duration.ofMinutes(5)));
        assertThat(config.siteLabel()).isEqualTo("site");
        assertThat(config.cacheDir()).isNull();
        assertThat(config.consistencyDelay()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.upkeep().deleteDelay()).isEqualTo(Duration.ofDays(2));
        assertThat(config.upkeep().partialDelay()).isEqualTo(Duration.ofDays(2));
        assertThat(config.intake()).isEqualTo(new IntakeConfig(true, Duration.ofDays(90), 16L << 30, "site"));
        assertThat(config.http().listen()).hasToString("127.0.0.1:10912");
    }

    @Test
    void theDefaultsOfCompactionAreThoseOfThePageToo() throws Exception {
        UpkeepConfig upkeep = config(OBJSTORE, Map.of()).upkeep();
        PlanRules plan = upkeep.round().plan();

        assertThat(upkeep.roles()).isEqualTo(Roles.ALL);
        assertThat(upkeep.selector()).isEqualTo(Selector.ALL);
        assertThat(upkeep.ignoresForeign()).isFalse();
        assertThat(upkeep.retention().keepEverything()).isTrue();
        assertThat(upkeep.round().concurrency())
                .isEqualTo(Math.min(64, Runtime.getRuntime().availableProcessors()));
        assertThat(upkeep.round().merge()).isEqualTo(new MergeRules(MergeRules.Overlaps.ONE_TO_ONE, List.of()));
        assertThat(plan.ranges())
                .containsExactly(Duration.ofHours(2), Duration.ofHours(8), Duration.ofDays(2), Duration.ofDays(14));
        assertThat(plan.partsMax()).isEqualTo(24);
        assertThat(plan.compacts()).isTrue();
        assertThat(plan.downsamples()).isTrue();
        assertThat(plan.fiveMinutesFrom()).isEqualTo(Duration.ofHours(40));
        assertThat(plan.oneHourFrom()).isEqualTo(Duration.ofDays(10));
        assertThat(plan.holdMax()).isEqualTo(Duration.ofDays(14));
        assertThat(plan.lateWait()).isEqualTo(Duration.ofHours(12));
        assertThat(plan.replicaLabels()).isEmpty();
        assertThat(plan.memoryBudgetBytes()).isEqualTo(192L << 20);
        assertThat(plan.indexBytesMax()).isEqualTo(64L << 30);
    }

    @Test
    void everyKeyOfCompactionAndRetentionIsTaken() throws Exception {
        UpkeepConfig upkeep = config(OBJSTORE + """
                roles: [compact, retain]
                selector:
                - {action: keep, source_labels: [site], regex: pilot-.*}
                foreign_compactor: ignore
                compaction:
                  ranges: [1h, 1d]
                  parts_max: 5
                  hold_max: 3d
                  late_wait: 2h
                  replica_labels: [replica]
                  overlaps: penalty
                  memory_budget: 64MiB
                  block_max_index_size: 1GiB
                  concurrency: 3
                downsample: {five_minutes_from: 6h, one_hour_from: 2d}
                retention:
                  raw: 30d
                  5m: 90d
                  1h: 0
                  rules:
                  - {match: '{site=~"demo-.*"}', raw: 7d}
                """, Map.of()).upkeep();
        PlanRules plan = upkeep.round().plan();
        Map<String, String> pilot = Map.of("site", "pilot-1");
        Map<String, String> demo = Map.of("site", "demo-1");

        assertThat(upkeep.roles().on()).containsExactly(Role.COMPACT, Role.RETAIN);
        assertThat(upkeep.selector().test(pilot)).isTrue();
        assertThat(plan.selector().test(demo)).isFalse();
        assertThat(upkeep.ignoresForeign()).isTrue();
        assertThat(upkeep.round().concurrency()).isEqualTo(3);
        assertThat(upkeep.round().merge()).isEqualTo(new MergeRules(MergeRules.Overlaps.PENALTY, List.of("replica")));
        assertThat(plan.ranges()).containsExactly(Duration.ofHours(1), Duration.ofDays(1));
        assertThat(plan.partsMax()).isEqualTo(5);
        assertThat(plan.downsamples()).isFalse();
        assertThat(plan.fiveMinutesFrom()).isEqualTo(Duration.ofHours(6));
        assertThat(plan.oneHourFrom()).isEqualTo(Duration.ofDays(2));
        assertThat(plan.holdMax()).isEqualTo(Duration.ofDays(3));
        assertThat(plan.lateWait()).isEqualTo(Duration.ofHours(2));
        assertThat(plan.overlaps()).isEqualTo(Overlaps.PENALTY);
        assertThat(plan.memoryBudgetBytes()).isEqualTo(64L << 20);
        assertThat(plan.indexBytesMax()).isEqualTo(1L << 30);
        long tenDays = Duration.ofDays(10).toMillis();
        assertThat(upkeep.retention().periods())
                .isEqualTo(new Periods(Duration.ofDays(30), Duration.ofDays(90), Duration.ZERO));
        assertThat(upkeep.retention().rules().getFirst().periods())
                .isEqualTo(new Periods(Duration.ofDays(7), Duration.ofDays(90), Duration.ZERO));
        assertThat(upkeep.retention().isOver(demo, 0, tenDays)).isTrue();
        assertThat(upkeep.retention().isOver(pilot, 0, tenDays)).isFalse();
    }

    @Test
    void everyKeyIsAnEnvironmentVariableToo() throws Exception {
        CompactorConfig config = config(
                OBJSTORE,
                Map.of(
                        "EDGESHIP_SCHEDULE", "0 0 3 * * ?",
                        "EDGESHIP_CACHE_DIR", "/var/cache/edgeship",
                        "EDGESHIP_DELETE_DELAY", "3d"));

        assertThat(config.schedule()).isEqualTo(new Schedule.Cron("0 0 3 * * ?"));
        assertThat(config.cacheDir()).isEqualTo(Path.of("/var/cache/edgeship"));
        assertThat(config.upkeep().deleteDelay()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aRelativeCacheDirLiesBesideTheFile() throws Exception {
        assertThat(config(OBJSTORE + "cache_dir: metas", Map.of()).cacheDir()).isEqualTo(Path.of("/etc/metas"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intervall: 5m | compactor.yaml:2: unknown key 'intervall'; did you mean 'interval'?",
                "schedule: every day | compactor.yaml:2: schedule is not a Quartz cron expression",
                "schedule: 0 0 0 1 1 ? 2020 | its time never comes",
                "interval: 0s | compactor.yaml:2: interval is at least 1s",
                "interval: soon | compactor.yaml:2: interval is not a duration",
                "partial_delay: 59m | compactor.yaml:2: partial_delay is at least 1h",
                "delete_delay: -1d | compactor.yaml:2: delete_delay is not a duration",
                "site_label: a-b | compactor.yaml:2: site_label is a label name",
                "intake: {orphan_delay: 23h} | compactor.yaml:2: intake.orphan_delay is at least 1d",
                "intake: {max_item_bytes: 65GiB} | compactor.yaml:2: intake.max_item_bytes is 1B to 64.0 GiB",
                "intake: {max_item_bytes: 0} | compactor.yaml:2: intake.max_item_bytes",
                "roles: [compact, dance] | compactor.yaml:2: roles knows intake, logs, fleet, compact, downsample, retain, clean, not dance",
                "roles: [logs] | compactor.yaml:2: roles has logs, and there is no section logs",
                "logs: {loki: {url: http://loki:3100}} | logs.objstore.file or config is wanted",
                "logs: {objstore: {config: {type: FILESYSTEM, config: {directory: /y}}}} | logs.loki.url or config_file",
                "logs: {objstore: {config: {type: FILESYSTEM, config: {directory: /y}}}, loki: {url: loki}} | address like",
                "selector: [{action: labeldrop, regex: a}] | compactor.yaml:2: selector takes keep, drop and hashmod",
                "compaction: {ranges: [2h, 3h]} | compactor.yaml:2: compaction.ranges",
                "compaction: {ranges: [2h, 8h]} | downsample.five_minutes_from is longer than the last of compaction.ranges",
                "compaction: {ranges: [2h, 2d]} | downsample.one_hour_from is longer than the last of compaction.ranges",
                "compaction: {memory_budget: 1MiB} | compactor.yaml:2: compaction.memory_budget is at least 16MiB",
                "compaction: {overlaps: guess} | compactor.yaml:2: compaction.overlaps is one of",
                "retention: {rules: [{match: '{', raw: 1d}]} | match",
                "retention: {raw: soon} | compactor.yaml:2: retention.raw is not a duration",
                "foreign_compactor: hug | compactor.yaml:2: foreign_compactor is one of",
                "http: {listen: here} | compactor.yaml:2: http.listen",
                "http: {listn: here} | unknown key 'http.listn'",
                "log: {level: loud} | compactor.yaml:2: log.level is one of",
                "cache_dir: [a] | compactor.yaml:2: cache_dir",
            })
    void refusesWhatItCannotMeanAndSaysWhere(String line, String message) {
        assertThatThrownBy(() -> config(OBJSTORE + line, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interval: 5m | one of the two",
                "objstore: {file: a.yml, config: {type: FILESYSTEM}} | one of the two",
                "objstore: {config: {type: FILESYSTEM, config: {directory: /x, size: 1}}} | size",
                "objstore: {config: {type: GCS, config: {bucket: x}}} | GCS",
            })
    void refusesABucketThatItCannotOpen(String yaml, String message) {
        assertThatThrownBy(() -> config(yaml, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void logsHaveABucketOfTheirOwn() throws Exception {
        String loki = "loki: {url: 'http://loki:3100/'}, verbatim_tenants: [acme]";
        String logs = "logs: {objstore: {config: {type: FILESYSTEM, config: {directory: %s}}}, " + loki + "}\n";
        CompactorConfig config = config(OBJSTORE + logs.formatted("/logs"), Map.of());

        LogsConfig read = Objects.requireNonNull(config.logs());
        assertThat(read.loki()).isEqualTo(new LokiConfigSource.Running(URI.create("http://loki:3100")));
        assertThat(read.verbatimTenants()).containsExactly("acme");
        assertThat(config(OBJSTORE + logs.formatted("/logs") + "roles: [compact]\n", Map.of())
                        .logs())
                .as("without the role: the fleet's view has them")
                .isNotNull();
        String same = "objstore: {config: {type: FILESYSTEM, config: {directory: /logs}}}\n" + logs.formatted("/logs");
        assertThatThrownBy(() -> config(same, Map.of())).hasMessageContaining("a bucket of its own");
    }

    private static CompactorConfig config(String yaml, Map<String, String> environment) throws ConfigException {
        return CompactorConfig.of(ConfigFile.parse("compactor.yaml", yaml, environment), Path.of("/etc"));
    }

    @Test
    void printedAndReadAgainItIsTheSame(@TempDir Path dir) throws Exception {
        Path example = Path.of("../deploy/examples/compactor.yaml");
        Map<String, String> environment = Map.of("EDGESHIP_DELETE_DELAY", "3d");
        String printed = CompactorConfig.effective(example, environment);
        Path again = Files.writeString(dir.resolve("compactor.yaml"), printed);
        CompactorConfig read = CompactorConfig.read(again, Map.of());
        assertThat(read).isEqualTo(CompactorConfig.read(example, environment));
        assertThat(printed).contains("delete_delay: 3d  # from EDGESHIP_DELETE_DELAY", "  listen: 127.0.0.1:10912");
    }
}
