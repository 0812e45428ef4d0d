package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.job.Schedule;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
                "roles: [compact, dance] | compactor.yaml:2: roles knows intake, fleet, compact, downsample, retain, clean, not dance",
                "selector: [{action: labeldrop, regex: a}] | compactor.yaml:2: selector takes keep, drop and hashmod",
                "compaction: {ranges: [2h, 3h]} | compactor.yaml:2: compaction.ranges",
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
